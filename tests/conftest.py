"""Fixtures for all tests; see tests/support."""

import os

from hypothesis import HealthCheck, settings

from tests.support.servers import scratch_root

pytest_plugins = ["tests.support.fixtures"]

# pytest reads this when the first test asks for tmp_path.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch_root()))

# In a fresh clone, the first test that draws text waits for Hypothesis to build its table of characters.
# The profile is built on the one in use, so that CI's stays in force there.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
