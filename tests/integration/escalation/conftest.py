"""Overdue rows to look at."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.review.escalation.jobs import sweep_overdue
from tests.integration.review.rows import insert_submissions
from tests.support.world import World

Late = Callable[..., list[UUID]]


@pytest.fixture
def late_now(database: Database, world: World, settings: Settings, object_store: ObjectStore) -> Late:
    """`late_now(3, union_id=…)`: submissions a month overdue, noticed and escalated."""

    def make(count: int = 1, **changes: Any) -> list[UUID]:
        with database.transaction() as session:
            made = clock.now() - timedelta(days=30)
            found = insert_submissions(session, world, count, made, **changes)
        sweep_overdue(JobContext(settings, database, object_store))
        return found

    return make
