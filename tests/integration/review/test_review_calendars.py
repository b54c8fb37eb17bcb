"""When an upgrade brings the calendar of another year, deadlines that run are counted anew, once, and never earlier."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select, update

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.kit.deadlines.jobs import adopt_new_calendars
from server.kit.deadlines.models import CalendarYear
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.models import Status, Submission
from tests.integration.rectification.test_rectification_list import fill
from tests.integration.review.conftest import Reviewer
from tests.integration.review.rows import insert_submissions
from tests.support.backends import job_context
from tests.support.calendars import announce_2027, day_end, forget_2027
from tests.support.callers import Desk
from tests.support.world import Someone, World

NOW = datetime(2027, 1, 29, 2, 0, tzinfo=UTC)  # a Friday; until Spring Festival five working days are left


@pytest.fixture(autouse=True)
def before_the_calendar(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The stores are there before the clock goes: S3 refuses who comes with another one."""
    forget_2027(monkeypatch)
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def context(settings: Settings, database: Database) -> JobContext:
    return job_context(settings, database)


@pytest.fixture
def waiting(database: Database, world: World) -> Callable[..., UUID]:
    """`waiting(due_at)`: a submission in the queue until then."""

    def make(due_at: datetime, **changes: Any) -> UUID:
        with database.transaction() as session:
            return insert_submissions(session, world, 1, NOW, due_at=due_at, **changes)[0]

    return make


def entries(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "deadline.recount")))


def test_a_provisional_deadline_gets_back_the_days_that_turned_out_to_be_off_and_the_page_and_the_log_say_so(
    context: JobContext, waiting: Callable[..., UUID], town: Reviewer, row_of: Callable[[UUID], Submission],
    database: Database, monkeypatch: pytest.MonkeyPatch, desk_of: Callable[[Someone], Desk], world: World,
) -> None:  # fmt: skip
    id_ = waiting(day_end(2, 10))  # five days until 4 February, then 9 and 10
    adopt_new_calendars(context)
    assert row_of(id_).due_at == day_end(2, 10)
    assert "暂定" in town.open(id_).text

    announce_2027(monkeypatch)
    adopt_new_calendars(context)
    assert row_of(id_).due_at == day_end(2, 15)  # 9 to 11 are off: 12, and the Monday after
    page = town.open(id_).text
    assert "截止：2027年2月15日" in page
    assert "暂定" not in page
    (entry,) = entries(database)
    assert (entry.subject_type, entry.subject_id, entry.actor_id) == ("submission", str(id_), None)
    assert datetime.fromisoformat(entry.detail["former_due_at"]) == day_end(2, 10)
    log = desk_of(world.people.admin).get("/console/audit?action=deadline.recount").ok().text
    assert "按新公布的日历重算期限" in log
    assert "原期限" in log


def test_the_calendar_is_adopted_once_and_deadlines_counted_with_it_stay(
    context: JobContext, waiting: Callable[..., UUID], row_of: Callable[[UUID], Submission], database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    early = waiting(day_end(2, 10))
    announce_2027(monkeypatch)
    adopt_new_calendars(context)
    late = waiting(day_end(2, 12))
    adopt_new_calendars(context)
    assert (row_of(early).due_at, row_of(late).due_at) == (day_end(2, 15), day_end(2, 12))
    assert len(entries(database)) == 1
    with database.reading() as session:
        assert session.scalars(select(CalendarYear.year)).all() == [2027]


@pytest.mark.parametrize(
    ("due_at", "changes"),
    [
        (day_end(2, 4), {}),  # before anything differs
        (day_end(1, 29), {}),  # today
        (day_end(1, 28), {}),  # past
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), {}),
        (day_end(2, 20), {}),  # a Saturday that is worked: a process of the new release has counted it
        (day_end(2, 10), {"status": Status.RETURNED}),
        (day_end(2, 10), {"status": Status.DECLINED}),
    ],
)
def test_what_is_over_stands_still_or_was_right_stays(
    context: JobContext, waiting: Callable[..., UUID], row_of: Callable[[UUID], Submission], database: Database,
    monkeypatch: pytest.MonkeyPatch, due_at: datetime, changes: dict[str, Any],
) -> None:  # fmt: skip
    id_ = waiting(due_at, **changes)
    announce_2027(monkeypatch)
    adopt_new_calendars(context)
    assert row_of(id_).due_at == due_at
    assert entries(database) == []


def test_a_weekend_that_is_worked_takes_no_day_that_people_were_promised(
    context: JobContext, waiting: Callable[..., UUID], row_of: Callable[[UUID], Submission],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    with time_machine.travel(datetime(2027, 5, 6, 2, 0, tzinfo=UTC), tick=False):
        id_ = waiting(day_end(5, 11))  # counted off again, it would be the 10th: Saturday the 8th is worked
        announce_2027(monkeypatch)
        adopt_new_calendars(context)
    assert row_of(id_).due_at == day_end(5, 11)


def test_rectifications_that_run_move_with_their_first_deadline_and_others_stay(
    context: JobContext, database: Database, world: World, monkeypatch: pytest.MonkeyPatch,
    desk_of: Callable[[Someone | None], Desk],
) -> None:  # fmt: skip
    states = (RectifyStatus.OPEN, RectifyStatus.ACCEPTED, RectifyStatus.DISPUTED, RectifyStatus.VOIDED)
    with database.transaction() as session:
        fill(
            session, world, 4, NOW, status=lambda number: states[number],
            rest_days=lambda number: 2 if number == 2 else None,
        )  # fmt: skip
        session.execute(update(Rectification).values(due_at=day_end(2, 10), first_due_at=day_end(2, 10)))
    announce_2027(monkeypatch)
    adopt_new_calendars(context)
    with database.reading() as session:
        rows = {row.status: row for row in session.scalars(select(Rectification))}
    moved = {state for state, row in rows.items() if row.due_at == row.first_due_at == day_end(2, 15)}
    assert moved == set(states[:2])
    assert {row.due_at for state, row in rows.items() if state not in moved} == {day_end(2, 10)}
    page = desk_of(world.people.city_reviewer).get(f"/console/rectifications/{rows[RectifyStatus.OPEN].id}").ok().text
    assert "截止：2027年2月15日" in page
    assert "最初" not in page
