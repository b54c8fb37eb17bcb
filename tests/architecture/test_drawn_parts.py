"""What is drawn once for all who see the same shows what it was given and nothing else (console/display/drawn.py)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
DRAWN = re.compile(r'draw_once\(\s*"([^"]+)",\s*"(\w+)"')
OF_NO_TIME = {"icon", "status_chip", "grade_chip"}  # of display/parts.py: what they give depends on nothing else


def test_drawn_parts_ask_neither_who_reads_them_nor_for_the_time(app: Flask) -> None:
    pages = [path.read_text() for path in (ROOT / "server").rglob("templates/**/*.html")]
    drawn = {(found[1], found[2]) for page in pages for found in DRAWN.finditer(page)}
    assert {("queue/_row.html", "line"), ("console/_navigation.html", "groups")} <= drawn
    assert not {(*part, name) for part in drawn for name in _asked(app.jinja_env, *part)}


def _asked(environment: Environment, template: str, name: str) -> Iterator[str]:
    """What a macro, and those that it calls, name that is none of theirs."""
    assert environment.loader is not None
    tree = environment.parse(environment.loader.get_source(environment, template)[0])
    macros = {macro.name: macro for macro in tree.find_all(nodes.Macro)}
    imported = {
        each if isinstance(each, str) else each[1]: (line.template.value, each if isinstance(each, str) else each[0])
        for line in tree.find_all(nodes.FromImport)
        if isinstance(line.template, nodes.Const)
        for each in line.names
    }
    if name not in macros:
        yield from () if name in OF_NO_TIME else (name,)
        return
    own = {each.name for each in macros[name].find_all(nodes.Name) if each.ctx in ("store", "param")}
    for used in {each.name for each in macros[name].find_all(nodes.Name) if each.ctx == "load"} - own:
        if used in imported:
            yield from _asked(environment, *imported[used])
        elif used in macros:
            yield from _asked(environment, template, used)
        else:
            yield used


def test_no_view_hides_what_every_page_calls(app: Flask) -> None:
    """A page that was given a `drawn` of its own could not draw its navigation any more, when that was called so."""
    frames = [(ROOT / "server/console/templates/console" / name).read_text() for name in ("base.html", "layout.html")]
    called = {
        call.node.name
        for frame in frames
        for call in app.jinja_env.parse(frame).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name)
    }
    assert {"draw_once", "navigation"} <= called
    given = {
        (str(path.relative_to(ROOT)), keyword.arg)
        for path in (ROOT / "server").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and "render_template" in ast.unparse(call.func)
        for keyword in call.keywords
    }
    assert not {each for each in given if each[1] in called}
