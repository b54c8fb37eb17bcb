"""docs/adding-a-slice.md is true: its example is built as it says, and stands every test that holds for slices."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sources import ROOT

BLOCK = re.compile(r"^```(python|html|diff) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHECKS = ("tests/integration/talks", "tests/architecture/test_slices.py", "tests/migrations/test_migrations.py")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house with the slice of the recipe in it."""
    left_out = shutil.ignore_patterns("node_modules", "assets")
    for name in ("server", "tests", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=left_out)
    for name in ("setup.cfg", "pyproject.toml", ".ruff.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    last = max(path.name[:4] for path in (tmp_path / "server/migrations/versions").glob("0*.py"))
    for kind, path, text in BLOCK.findall((ROOT / "docs/adding-a-slice.md").read_text()):
        if kind == "diff":
            edit(tmp_path / path, text)
        else:
            target = tmp_path / numbered(path, last)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(numbered(text, last))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)  # tests ask git which files there are
    return tmp_path


def numbered(text: str, last: str) -> str:
    """The recipe cannot know the number of its migration."""
    return text.replace("NNNN", f"{int(last) + 1:04}").replace("MMMM", last)


def edit(path: Path, diff: str) -> None:
    """Apply a diff of a few lines: those that stay or go must be there as they are."""
    lines = diff.splitlines()
    before = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    after = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    text = path.read_text()
    assert text.count(before) == 1, f"{path.name} has not exactly one place for:\n{diff}"
    path.write_text(text.replace(before, after))


def run(house: Path, *command: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(house)}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=house, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]


@pytest.mark.slow("runs pytest in a house of its own")
def test_the_slice_of_the_recipe_stands_every_test_that_holds_for_slices(house: Path) -> None:
    run(house, "ruff", "check", "--no-cache", "server/oversight/talks", "tests/integration/talks")
    run(house, "pytest", "-q", "-p", "no:cacheprovider", "-m", "not servers", *CHECKS)
