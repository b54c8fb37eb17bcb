"""The rooms hold what their names say, and stay small."""

import ast
import configparser
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from server import wiring
from tests.support.sources import ROOT, named, server_modules, tracked

WINGS = [
    "console", "channels", "reports", "oversight", "activities", "publicity", "rewards", "notifications", "review",
    "kit", "photos", "unions", "wechat", "vision", "core",
]  # fmt: skip
TOP_LEVEL = {"server", "miniprogram", "scripts", "tests", "docs", "setup.cfg", "Dockerfile", "compose.yaml"}
TOP_LEVEL |= {"README.md", "pyproject.toml", "requirements.txt", "requirements-test.txt", "LICENSE"}
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40

ROOMS = {  # what marks a thing, and the room it belongs into
    r"^\s+__tablename__ = ": {"models.py"},
    r"^\s*\w+ = APIBlueprint\(": {"api.py"},
    r"^\s*\w+ = Blueprint\(": {"console.py", "api.py", "*_pages.py"},
    r"^@(job|periodic)\(": {"jobs.py"},
    r"^PERMISSIONS\b": {"permissions.py"},
}


ROOMS_OF_A_SLICE = {
    "slice", "kind", "models", "triggers", "schemas", "workflow", "actions", "queries", "rules", "listing", "workbook",
    "texts", "messages", "document", "panels", "sharing", "publishing", "api", "console", "jobs", "permissions",
    "events", "subscriptions", "ports", "indicators",
}  # fmt: skip


def test_the_top_level_is_as_given() -> None:
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in top if not name.startswith(".")} <= TOP_LEVEL


def test_every_wing_has_its_place_in_the_layers() -> None:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    contract = config["importlinter:contract:wings"]
    layers = contract["layers"].split()
    named_layers = [layer.strip("()") for layer in layers]
    assert [layer for layer in named_layers if layer in WINGS] == WINGS
    assert contract.getboolean("exhaustive")


@pytest.mark.parametrize(("mark", "rooms"), ROOMS.items(), ids=list(ROOMS))
def test_things_are_in_the_room_of_their_name(mark: str, rooms: set[str]) -> None:
    pattern = re.compile(mark, re.MULTILINE)
    astray = [
        named(path)
        for path, text in server_modules()
        if pattern.search(text)
        and not any(fnmatch(path.name, room) for room in rooms)
        and not path.is_relative_to(ROOT / "server/core")
    ]
    assert astray == []


def test_a_slice_has_rooms_and_folders_named_by_the_domain_and_nothing_beside_them() -> None:
    """So that a reader who knows one slice knows all. The plumbing in `core` knows no domain."""
    folders = {ROOT / name.replace(".", "/") for name in wiring.SLICES if not name.startswith("server.core.")}
    beside = [
        named(path)
        for path, _ in server_modules()
        if path.parent in folders and path.stem not in ROOMS_OF_A_SLICE and not path.stem.startswith("__")
    ]
    assert beside == []


def test_only_core_commits() -> None:
    pattern = re.compile(r"\.commit\(\)")
    astray = [
        named(path)
        for path, text in server_modules()
        if pattern.search(text) and not path.is_relative_to(ROOT / "server/core")
    ]
    assert astray == []


def test_no_query_pages_by_offset() -> None:
    assert [named(path) for path, text in server_modules() if re.search(r"\.offset\(|LIMIT.*OFFSET", text)] == []


def test_actions_and_queries_know_nothing_of_the_web() -> None:
    pattern = re.compile(r"^(from|import) (flask|apiflask|werkzeug)\b", re.MULTILINE)
    rooms = {"actions.py", "queries.py", "models.py", "permissions.py", "jobs.py"}
    astray = [
        named(path)
        for path, text in server_modules()
        if path.name in rooms and pattern.search(text) and not path.is_relative_to(ROOT / "server/core")
    ]
    assert astray == []


def test_files_stay_below_400_lines() -> None:
    long = {
        named(path): text.count("\n")
        for path, text in server_modules()
        if text.count("\n") > MAX_FILE_LINES and not _is_migration(path)
    }
    assert long == {}


def test_functions_stay_below_40_lines() -> None:
    long = {}
    for path, text in server_modules():
        for function in _functions(ast.parse(text)):
            lines = _code_lines(function, text.splitlines())
            if lines > MAX_FUNCTION_LINES and not _is_migration(path):
                long[f"{named(path)}:{function.lineno} {function.name}"] = lines
    assert long == {}


def _is_migration(path: Path) -> bool:
    return path.is_relative_to(ROOT / "server/migrations/versions")


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    """Lines of a function without its docstring, blank lines and the list of values that it may end in."""
    first, last = function.body[0], function.body[-1]
    left_out: set[int] = set()
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        left_out.update(_span(first))
    if isinstance(last, ast.Return) and isinstance(last.value, ast.Call):
        left_out.update(number for keyword in last.value.keywords for number in _span(keyword))
    return sum(1 for number in _span(function) if number not in left_out and lines[number - 1].strip())


def _span(node: ast.stmt | ast.keyword) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def test_foreign_keys_to_ids_state_their_type() -> None:
    """Left to SQLAlchemy, the type is unknown until the other table is imported: statements built before that break."""
    silent = [
        f"{path}:{number}"
        for path in sorted((ROOT / "server").rglob("models.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "Mapped[UUID" in line and "mapped_column(ForeignKey" in line
    ]
    assert silent == []
