"""What tests of several slices stand on."""

from collections.abc import Callable

import pytest

from server.core.db import Database
from tests.integration.assignments.answering import Cast
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World


@pytest.fixture
def cast(
    database: Database,
    world: World,
    desk_of: Callable[[Someone | None], Desk],
    phone_of: Callable[[Someone | None], Phone],
    run_jobs: Callable[..., int],
) -> Cast:
    """Those who ask and answer by assignments."""
    return Cast(database, world, desk_of, phone_of, run_jobs)
