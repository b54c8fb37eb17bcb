"""A visitor for every test."""

from collections.abc import Callable

import pytest

from server.core.db import Database
from tests.integration.visits.visiting import Visitor
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World


@pytest.fixture
def visitor(
    database: Database, world: World, desk_of: Callable[[Someone], Desk], phone_of: Callable[[Someone], Phone],
    run_jobs: Callable[..., int],
) -> Visitor:  # fmt: skip
    return Visitor(database, world, desk_of, phone_of, run_jobs)
