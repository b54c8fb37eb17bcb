"""Fixtures for all tests; see tests/support."""

import os

from tests.support.servers import scratch_root

pytest_plugins = ["tests.support.fixtures"]

# pytest reads this when the first test asks for tmp_path.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(scratch_root()))
