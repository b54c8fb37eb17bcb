"""Fixtures for all tests; see tests/support."""

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.examples import FULL
from tests.support.nursery import Nursery
from tests.support.servers import scratch_root, sweep

pytest_plugins = ["tests.support.second_size", "tests.support.slowness", "tests.support.cpu_seconds"]

# Looking for cycles to throw away took the collector a tenth of a run. It looks when a file of tests ends, no oftener.
gc.disable()

# pytest reads this when the first test asks for tmp_path.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch_root()))

# In a fresh clone, the first test that draws text waits for Hypothesis to build its table of characters.
# The profile is built on the one in use, so that CI's stays in force there.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=30)
settings.register_profile(FULL, settings.get_profile("suite"), max_examples=100)

# What takes long begins, so that no process is left alone with it at the end. Files that wait for what was killed and
# files that drive a browser lie evenly among the first half of the others, which take up the cores meanwhile.
FOLDERS = ("contract", "integration", "migrations", "architecture", "unit")
WAITING = ("faults", "e2e")
AMONG_THE_FIRST = 0.55
LONG_ONES = (
    "_stateful", "_races", "_openapi", "_every_door", "_run", "_a_slice", "_enterprise_side", "_odd_addresses",
    "_showcase", "_data_kept",
)  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    """Before test modules are read: they ask for the number of their examples."""
    settings.load_profile(FULL if config.getoption("full") else "suite")
    if not hasattr(config, "workerinput"):
        sweep()
    # A process that begins others runs no test itself: they need not wait for it to load the service.
    if not config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        config.pluginmanager.import_plugin("tests.support.fixtures")
    else:
        config.pluginmanager.register(Nursery())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that try sequences or start from nothing, then folders by how long their files take."""
    groups: dict[str, dict[Path, None]] = {}
    for item in items:
        folder = next((part for part in item.path.parts if part in (*FOLDERS, *WAITING)), FOLDERS[-1])
        groups.setdefault(folder, {}).setdefault(item.path)
    others = [path for folder in FOLDERS for path in groups.get(folder, ())]
    others.sort(key=lambda path: not path.stem.endswith(LONG_ONES))
    place = {path: (number + 0.5) / len(others) for number, path in enumerate(others)}
    for folder in WAITING:
        waiting = groups.get(folder, {})
        place |= {path: AMONG_THE_FIRST * (number + 0.5) / len(waiting) for number, path in enumerate(waiting)}
    items.sort(key=lambda item: place[item.path])


def pytest_collection_finish() -> None:
    """What is loaded by now stays, with the little that nobody needs any more: looking through it once takes a second,
    looking through it again and again took the garbage collector an eighth of a run."""
    gc.freeze()


@pytest.hookimpl(trylast=True)  # after the fixtures of the file
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """A file ends: what its tests left is thrown away, and what they loaded is not looked through again."""
    if nextitem is None or nextitem.path != item.path:
        gc.collect()
        gc.freeze()
