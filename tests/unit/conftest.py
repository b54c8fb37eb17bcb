"""Words and rules go by what the slices declare."""

import pytest

from server.wiring import wire


@pytest.fixture(scope="session", autouse=True)
def wired() -> None:
    """As the service is."""
    wire()
