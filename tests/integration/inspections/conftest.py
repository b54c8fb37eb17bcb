"""An inspector for every test."""

from collections.abc import Callable

import pytest

from server.core.db import Database
from server.core.storage.base import ObjectStore
from tests.integration.inspections.inspecting import Inspector
from tests.support.callers import Desk
from tests.support.world import Someone, World


@pytest.fixture
def inspector(
    database: Database, object_store: ObjectStore, world: World, desk_of: Callable[[Someone], Desk],
    run_jobs: Callable[..., int],
) -> Inspector:  # fmt: skip
    return Inspector(database, object_store, world, desk_of, run_jobs)
