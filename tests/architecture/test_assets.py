"""Nothing is loaded from elsewhere: no content network, no font, no tracker."""

import re
from pathlib import Path

from tests.support.sources import ROOT, named, texts

# What makes a browser fetch: attributes, CSS url() and @import, script imports.
FETCHES = re.compile(
    r"""(?:\b(?:src|href|action|poster|data-src|xlink:href)\s*=\s*["']|url\(\s*["']?|@import\s+["']|\bfrom\s+["']|\bimport\(\s*["'])"""
    r"""(?P<url>(?:https?:)?//[^"'\s)>]+)""",
    re.IGNORECASE,
)
NAMESPACES = ("http://www.w3.org/", "https://www.w3.org/")
PAGES = {".html", ".jinja", ".j2", ".css", ".scss", ".js", ".mjs", ".ts", ".vue", ".svg", ".py"}
BUILT = (ROOT / "server/console/static", ROOT / "miniprogram/dist/build/h5")


def outside(text: str) -> list[str]:
    """URLs of other hosts that a browser showing `text` would fetch."""
    return [found["url"] for found in FETCHES.finditer(text) if not found["url"].startswith(NAMESPACES)]


def test_the_pattern_sees_what_it_should() -> None:
    assert outside('<script src="https://cdn.example/x.js"></script>') == ["https://cdn.example/x.js"]
    assert outside("a{background:url(//cdn.example/x.png)}") == ["//cdn.example/x.png"]
    assert outside('<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/></svg>') == []


def test_sources_fetch_nothing_from_outside() -> None:
    found = {
        named(path): urls
        for path, text in texts()
        if path.suffix in PAGES and not path.is_relative_to(ROOT / "tests") and (urls := outside(text))
    }
    assert found == {}


def test_built_pages_fetch_nothing_from_outside() -> None:
    """As far as they are built: scripts/test builds them before it runs this."""
    found = {}
    for folder in BUILT:
        for path in sorted(folder.rglob("*")):
            if path.suffix in PAGES and (urls := outside(path.read_text(errors="replace"))):
                found[str(path.relative_to(ROOT))] = urls
    assert found == {}


def test_templates_carry_no_inline_script_or_style() -> None:
    """The Content-Security-Policy would stop them; better to learn it here."""
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>|\sstyle=\"|\son[a-z]+=\"|<style", re.I
    )
    templates: list[Path] = [path for path, _ in texts() if "templates" in path.parts and path.suffix == ".html"]
    found = {named(path): inline.findall(path.read_text()) for path in templates}
    assert {name: marks for name, marks in found.items() if marks} == {}


def test_widths_in_style_sheets_are_of_screens() -> None:
    """A sheet of paper is as narrow as a tablet: without `screen`, the cards of phones would be printed."""
    bare = re.compile(r"@media\s*\((?:min|max)-width[^{]*")
    sheets = [path for path, _ in texts() if path.suffix == ".css" and path.is_relative_to(ROOT / "server")]
    found = {named(path): bare.findall(path.read_text()) for path in sheets}
    assert {name: queries for name, queries in found.items() if queries} == {}


def test_no_line_of_a_template_is_longer_than_160_characters() -> None:
    """`npm --prefix server/console/assets run format` breaks lines of HTML; calls of Jinja are broken by hand."""
    templates = [path for path, _ in texts() if "templates" in path.parts and path.suffix == ".html"]
    assert templates
    long = [
        f"{named(path)}:{number}"
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []


def test_every_class_of_our_style_sheets_is_on_some_page() -> None:
    """htmx itself marks what it is asking for."""
    sheets = [path for path, _ in texts() if path.suffix == ".css" and path.is_relative_to(ROOT / "server")]
    users = [
        path for path, _ in texts() if path.is_relative_to(ROOT / "server") and path.suffix in {".html", ".py", ".js"}
    ]
    words = {"htmx-request"} | {word for path in users for word in re.findall(r"[\w-]+", path.read_text())}
    made_up = {word.removesuffix("-") for word in words if word.endswith("-")}  # class="chip-{{ look }}"
    assert sheets
    dead = {
        named(path): sorted(unused)
        for path in sheets
        if (unused := {name for name in _classes(path) if name not in words and not _is_made_up(name, made_up)})
    }
    assert dead == {}


def _classes(path: Path) -> set[str]:
    rules = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", path.read_text(), flags=re.DOTALL)
    return set(re.findall(r"\.(-?[a-zA-Z_][\w-]*)", rules))


def _is_made_up(name: str, beginnings: set[str]) -> bool:
    return any(name.startswith(f"{beginning}-") for beginning in beginnings)
