"""Fixtures for all tests; see tests/support."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.examples import FULL
from tests.support.servers import scratch_root

pytest_plugins = ["tests.support.fixtures", "tests.support.second_size"]

# pytest reads this when the first test asks for tmp_path.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch_root()))

# In a fresh clone, the first test that draws text waits for Hypothesis to build its table of characters.
# The profile is built on the one in use, so that CI's stays in force there.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=30)
settings.register_profile(FULL, settings.get_profile("suite"), max_examples=100)

# What takes long begins, so that no process is left alone with it at the end. Files that drive a browser and files that
# wait for what was killed take turns: while the one waits, the other has both cores.
FOLDERS = ("e2e", "faults", "contract", "integration", "migrations", "architecture", "unit")
IN_TURNS = ("e2e", "faults")
LONG_ONES = ("_stateful", "_races", "_killed")


def pytest_configure(config: pytest.Config) -> None:
    """Before test modules are read: they ask for the number of their examples."""
    settings.load_profile(FULL if config.getoption("full") else "suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders by how long their files take, and within each the files that try sequences or wait for each other."""
    files: dict[str, dict[Path, None]] = {folder: {} for folder in FOLDERS}

    def folder_of(item: pytest.Item) -> str:
        return next((part for part in item.path.parts if part in FOLDERS), FOLDERS[-1])

    for item in items:
        files[folder_of(item)].setdefault(item.path)
    turns = {path: turn for folder in IN_TURNS for turn, path in enumerate(files[folder])}

    def rank(item: pytest.Item) -> tuple[int, int, bool]:
        folder = folder_of(item)
        place = 0 if folder in IN_TURNS else FOLDERS.index(folder)
        return place, turns.get(item.path, 0), not item.path.stem.endswith(LONG_ONES)

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: looking through it again and again took the garbage collector an eighth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
