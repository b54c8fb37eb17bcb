"""What tests of several slices stand on."""

from collections.abc import Callable
from typing import Any

import pytest

from server.core.db import Database
from server.core.storage.base import ObjectStore
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


@pytest.fixture
def end_of_november(database: Database, object_store: ObjectStore, time_machine: Any) -> None:
    """Noon of the 29th of November 2026, once the stores are there: S3 refuses whoever has another day."""
    time_machine.move_to("2026-11-29T04:00Z", tick=False)
