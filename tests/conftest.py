"""Fixtures for all tests; see tests/support."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.examples import FULL
from tests.support.servers import scratch_root

pytest_plugins = ["tests.support.fixtures", "tests.support.second_size"]

# pytest reads this when the first test asks for tmp_path.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch_root()))

# In a fresh clone, the first test that draws text waits for Hypothesis to build its table of characters.
# The profile is built on the one in use, so that CI's stays in force there.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(FULL, settings.get_profile("suite"))


def pytest_configure(config: pytest.Config) -> None:
    """Before test modules are read: they ask for the number of their examples."""
    settings.load_profile(FULL if config.getoption("full") else "suite")
