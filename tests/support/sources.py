"""The repository's own files, for tests that read them."""

import subprocess
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


def server_modules() -> list[tuple[Path, str]]:
    """Every Python module of the service with its source."""
    return [(path, text) for path, text in texts() if path.suffix == ".py" and path.is_relative_to(ROOT / "server")]


def module_of(path: Path) -> str:
    """The module in a file, as it is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)
