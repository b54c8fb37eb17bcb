"""The repository's own files, for tests that read them."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tracked() -> list[Path]:
    """Every file that is committed, or would be by `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    return [path for path in paths if path.is_file()]


def named(path: Path) -> str:
    """A path as people say it."""
    return str(path.relative_to(ROOT))


def texts() -> list[tuple[Path, str]]:
    """Every committed text file with its content."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            found.append((path, content.decode()))
    return found


@cache
def server_modules() -> tuple[tuple[Path, str], ...]:
    """Every Python module of the service with its source, as it was when the first test asked."""
    modules = (path for path in tracked() if path.suffix == ".py" and path.is_relative_to(ROOT / "server"))
    return tuple((path, path.read_text(encoding="utf-8")) for path in modules)


def server_nodes(pattern: str) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of the service's modules in whose text the pattern is found: parsing and walking all of them takes
    three seconds, and a test that looks for a name finds nothing in the others."""
    wanted = re.compile(pattern)
    for path, text in server_modules():
        if wanted.search(text):
            yield from ((path, node) for node in ast.walk(ast.parse(text)))


def module_of(path: Path) -> str:
    """The module in a file, as it is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)
