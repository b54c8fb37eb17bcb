"""Rectifications that are late climb too; those whose deadline stands still do not."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.core.events import subscribe
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.review.escalation.events import OverdueClimbed
from server.review.escalation.jobs import sweep_overdue
from server.review.escalation.models import Overdue, OverdueKind
from server.review.rectification.models import Rectification, RectifyStatus
from tests.integration.rectification.test_rectification_list import fill
from tests.support.callers import Desk
from tests.support.world import Someone, World


def test_only_running_deadlines_climb_and_the_list_leads_to_them(
    database: Database,
    world: World,
    settings: Settings,
    object_store: ObjectStore,
    desk_of: Callable[[Someone | None], Desk],
) -> None:
    states = (RectifyStatus.OPEN, RectifyStatus.ACCEPTED, RectifyStatus.DISPUTED, RectifyStatus.VOIDED)
    with database.transaction() as session:
        fill(
            session, world, 8, clock.now() - timedelta(days=40), status=lambda number: states[number % 4],
            rest_days=lambda number: 2 if number % 4 == 2 else None,
        )  # fmt: skip
    context = JobContext(settings, database, object_store)
    sweep_overdue(context)
    with database.reading() as session:
        rows = session.scalars(select(Overdue)).all()
        late = session.scalars(select(Rectification.id).where(Rectification.status.in_(states[:2]))).all()
    assert {row.item_id for row in rows} == set(late)
    assert {(row.kind, row.step, row.climbed_to_id) for row in rows} == {
        (OverdueKind.RECTIFICATION, 3, world.unions.city)
    }
    text = desk_of(world.people.city_reviewer).get("/console/dispatch?kind=rectification&grade=3").ok().text
    assert all(f"/console/rectifications/{each}" in text for each in late)


def test_a_step_tells_whoever_listens_of_the_union(
    database: Database, world: World, settings: Settings, object_store: ObjectStore
) -> None:
    heard: list[OverdueClimbed] = []
    subscribe(OverdueClimbed, lambda _session, event: heard.append(event))
    with database.transaction() as session:
        fill(session, world, 1, clock.now() - timedelta(minutes=5))
    sweep_overdue(JobContext(settings, database, object_store))
    assert [event.union_id for event in heard] == [world.unions.seaside]


def test_an_extension_ends_the_row_at_the_next_sweep(
    database: Database, world: World, settings: Settings, object_store: ObjectStore
) -> None:
    with database.transaction() as session:
        fill(session, world, 1, clock.now() - timedelta(days=3))
    context = JobContext(settings, database, object_store)
    sweep_overdue(context)
    with database.transaction() as session:
        session.execute(update(Rectification).values(due_at=clock.now() + timedelta(days=3)))
    sweep_overdue(context)
    with database.reading() as session:
        assert session.scalars(select(Overdue).where(Overdue.ended_at.is_(None))).all() == []
