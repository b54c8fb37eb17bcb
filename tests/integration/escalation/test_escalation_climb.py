"""Overdue items are noticed, climb the tree step by step, and end when they are answered."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.review.escalation import actions
from server.review.escalation.jobs import sweep_overdue
from server.review.escalation.models import Escalation, Overdue
from server.review.submissions.models import Status, Submission
from tests.integration.review.rows import insert_submissions
from tests.support.backends import Scaled
from tests.support.world import World

DUE = datetime(2026, 11, 18, 15, 59, 59, tzinfo=UTC)  # a Wednesday evening in Shanghai
Sweep = Callable[[datetime], None]


@pytest.fixture
def sweep(settings: Settings, database: Database, object_store: ObjectStore, time_machine: Any) -> Sweep:
    """Do the periodic work as of a moment."""

    def run(at: datetime) -> None:
        time_machine.move_to(at, tick=False)
        sweep_overdue(JobContext(settings, database, object_store))

    return run


def late(database: Database, world: World, count: int = 1, **changes: Any) -> list[UUID]:
    with database.transaction() as session:
        made = DUE - timedelta(days=5)
        return insert_submissions(session, world, count, made, **{"due_at": DUE, **changes})


def told(database: Database) -> list[tuple[int, UUID]]:
    with database.reading() as session:
        rows = session.execute(select(Escalation.step, Escalation.union_id).order_by(Escalation.id)).all()
        return [(row.step, row.union_id) for row in rows]


def test_an_overdue_item_climbs_one_level_every_two_working_days(
    database: Database, world: World, sweep: Sweep
) -> None:
    late(database, world)
    unions = world.unions
    sweep(DUE + timedelta(hours=1))
    assert told(database) == [(1, unions.seaside)]
    sweep(DUE + timedelta(days=1))
    assert len(told(database)) == 1
    sweep(DUE + timedelta(days=2, hours=1))  # Thursday and Friday are over
    assert told(database) == [(1, unions.seaside), (2, unions.south)]
    sweep(DUE + timedelta(days=6, hours=1))
    sweep(DUE + timedelta(days=60))
    assert told(database) == [(1, unions.seaside), (2, unions.south), (3, unions.city)]


def test_sweeping_again_changes_nothing_and_every_step_is_audited_once(
    database: Database, world: World, sweep: Sweep
) -> None:
    late(database, world, 3)
    for _ in range(3):
        sweep(DUE + timedelta(hours=1))
    with database.reading() as session:
        audited = session.scalar(
            select(func.count()).where(AuditEntry.action == "submission.escalate").select_from(AuditEntry)
        )
    assert audited == len(told(database)) == 3


def test_after_a_long_silence_all_steps_that_are_due_are_taken(database: Database, world: World, sweep: Sweep) -> None:
    late(database, world)
    sweep(DUE + timedelta(days=30))
    assert [step for step, _ in told(database)] == [1, 2, 3]


@pytest.mark.parametrize("status", [Status.RETURNED, Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN])
def test_what_does_not_wait_for_the_union_never_counts(
    database: Database, world: World, sweep: Sweep, status: Status
) -> None:
    late(database, world, status=status)
    sweep(DUE + timedelta(days=9))
    assert told(database) == []


def test_what_is_put_off_ends_and_may_be_late_again(database: Database, world: World, sweep: Sweep) -> None:
    (submission_id,) = late(database, world)
    sweep(DUE + timedelta(hours=1))
    with database.transaction() as session:
        session.execute(update(Submission).values(due_at=DUE + timedelta(days=10)))
    sweep(DUE + timedelta(hours=2))
    with database.reading() as session:
        assert session.scalars(select(Overdue.ended_at)).all() == [DUE + timedelta(hours=2)]
    sweep(DUE + timedelta(days=10, hours=1))
    with database.reading() as session:
        again = session.scalars(select(Overdue).where(Overdue.item_id == submission_id).order_by(Overdue.id)).all()
    assert [each.step for each in again] == [1, 1]


def test_more_than_a_batch_is_noticed_in_small_transactions(
    database: Database, world: World, sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "BATCH", 4)
    late(database, world, 11)
    sweep(DUE + timedelta(hours=1))
    assert len(told(database)) == 11


class TestAtOnce:
    """On PostgreSQL, where two workers truly work at the same moment."""

    pytestmark = pytest.mark.servers

    @pytest.fixture
    def backend(self, scaled: Scaled) -> Iterator[Scaled]:
        yield scaled
        scaled.clean()

    def test_two_workers_note_and_climb_every_item_once(
        self, database: Database, world: World, settings: Settings, object_store: ObjectStore, time_machine: Any
    ) -> None:
        late(database, world, 150)
        time_machine.move_to(DUE + timedelta(days=30), tick=False)
        barrier = Barrier(2)

        def work(_: int) -> None:
            barrier.wait()
            sweep_overdue(JobContext(settings, database, object_store))

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(work, range(2)))
        sweep_overdue(JobContext(settings, database, object_store))  # what one passed over while the other held it
        steps = [step for step, _ in told(database)]
        assert [steps.count(step) for step in (1, 2, 3)] == [150, 150, 150]
