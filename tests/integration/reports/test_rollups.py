"""Counts by day are those of counting everything afresh, whatever happened before."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, inspect, select, text, update
from sqlalchemy.orm import Session

from server.activities.hazards.models import Hazard
from server.core import clock, ids
from server.core.clock import day_of
from server.core.db import Database
from server.reports.rollups.actions import count_changes
from server.reports.rollups.models import FigureChange, FigureDay, FigureFact
from server.reports.rollups.queries import TABLE, count_waiting
from server.reports.rollups.rules import MEASURES
from server.reports.rollups.triggers import NAMES
from server.review.rectification.models import RecheckWay, Rectification, RectifyStatus
from server.review.submissions.models import Kind, Status, Submission
from server.unions.tree.models import Union
from tests.integration.review.rows import insert_submissions
from tests.support.examples import examples
from tests.support.figures import count_figures
from tests.support.world import World

START = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
Counts = dict[tuple[Any, ...], tuple[int, ...]]


def kept(session: Session) -> Counts:
    """What is counted, rows of nothing left out."""
    key = [column.name for column in TABLE.primary_key.columns]
    found = {
        tuple(str(getattr(row, name)) for name in key): tuple(getattr(row, name) for name in MEASURES)
        for row in session.execute(select(TABLE))
    }
    return {cell: amounts for cell, amounts in found.items() if any(amounts)}


def counted_afresh(database: Database, now: datetime) -> Counts:
    """The same after everything was counted again from nothing; nothing of it stays."""
    with database.write_session() as session:
        session.execute(delete(FigureDay))
        session.execute(delete(FigureFact))
        session.execute(delete(FigureChange))
        session.execute(text("INSERT INTO figure_changes (submission_id) SELECT id FROM submissions"))
        while count_changes(session, now):
            pass
        afresh = kept(session)
        session.rollback()
    return afresh


class Hands:
    """Everything that may happen to a submission, written straight into the tables."""

    def __init__(self, database: Database, world: World, now: datetime) -> None:
        self.database, self.world, self.now = database, world, now

    def do(self, session: Session, what: str, pick: int) -> None:
        getattr(self, what)(session, pick)

    def arrive(self, session: Session, pick: int) -> None:
        unions = [self.world.unions.shipyard, self.world.unions.bakery, self.world.unions.brewery]
        kind = [Kind.HAZARD, Kind.HAZARD, Kind.SUGGESTION][pick % 3]
        new = insert_submissions(
            session, self.world, 1, self.now, union_id=unions[pick % len(unions)], kind=kind,
            category=["fire", "electric"][pick % 2], due_at=self.now + timedelta(days=3),
        )  # fmt: skip
        if kind is not Kind.HAZARD:
            session.execute(delete(Hazard).where(Hazard.submission_id.in_(new)))

    def decide(self, session: Session, pick: int) -> None:
        row = self._one(session, pick)
        if row is None or row.status is not Status.QUEUED:
            return
        row.status = [Status.ACCEPTED, Status.ACCEPTED, Status.DECLINED][pick % 3]
        row.decided_at = self.now
        row.grade = pick % 4 + 1 if row.status is Status.ACCEPTED and row.kind is Kind.HAZARD else None
        session.flush()
        if row.grade is not None:
            session.execute(insert(Rectification), self._rectification(row))

    def undo(self, session: Session, pick: int) -> None:
        row = self._one(session, pick)
        if row is None or row.decided_at is None:
            return
        for each in session.scalars(select(Rectification).where(Rectification.submission_id == row.id)):
            each.closed_at = each.closed_by_id = each.recheck_way = each.reopen_until = each.rest_days = None
            each.status = RectifyStatus.VOIDED
        row.status, row.decided_at, row.grade, row.duplicate_of_id = Status.QUEUED, None, None, None

    def merge(self, session: Session, pick: int) -> None:
        row, other = self._one(session, pick), self._one(session, pick + 1)
        if row is None or other is None or row.id == other.id or row.status is not Status.QUEUED:
            return
        row.status, row.decided_at, row.duplicate_of_id = Status.DUPLICATE, self.now, other.id

    def put_right(self, session: Session, pick: int) -> None:
        row = self._rectified(session, pick, RectifyStatus.OPEN)
        if row is not None:
            row.status, row.rest_days = RectifyStatus.SUBMITTED, 1
            row.submitted_at, row.rectified_by_id = self.now, self.world.people.enterprise_reviewer.id

    def close(self, session: Session, pick: int) -> None:
        row = self._rectified(session, pick, RectifyStatus.SUBMITTED)
        if row is not None:
            row.status, row.rest_days, row.recheck_way = RectifyStatus.CLOSED, None, RecheckWay.ON_SITE
            row.closed_at, row.closed_by_id = self.now, self.world.people.town_reviewer.id
            row.reopen_until = self.now

    def move(self, session: Session, pick: int) -> None:
        row, to = self._one(session, pick), session.get_one(Union, self.world.unions.brewery)
        if row is not None:
            row.district_id, row.town_id, row.enterprise_id = to.district_id, to.town_id, to.enterprise_id

    def enterprise(self, session: Session, pick: int) -> None:
        changes = {"is_chemical": pick % 2 == 0, "is_high_risk": pick % 3 == 0, "industry": ["化工", None][pick % 2]}
        session.execute(update(Union).where(Union.id == self.world.unions.shipyard).values(**changes))

    def erase(self, session: Session, pick: int) -> None:
        row = self._one(session, pick)
        points_at = select(Submission.id).where(Submission.duplicate_of_id == row.id) if row is not None else None
        if row is None or points_at is None or session.scalar(points_at.limit(1)) is not None:
            return
        session.execute(delete(Rectification).where(Rectification.submission_id == row.id))
        session.execute(delete(Hazard).where(Hazard.submission_id == row.id))
        session.execute(delete(Submission).where(Submission.id == row.id))

    def wait(self, _session: Session, pick: int) -> None:
        self.now += timedelta(days=pick % 6, hours=pick % 5)

    def count(self, session: Session, _pick: int) -> None:
        session.flush()
        count_changes(session, self.now)

    def _one(self, session: Session, pick: int) -> Submission | None:
        session.flush()
        found = session.scalars(select(Submission).order_by(Submission.id.desc()).limit(6)).all()
        return found[pick % len(found)] if found else None

    def _rectified(self, session: Session, pick: int, status: RectifyStatus) -> Rectification | None:
        found = session.scalars(
            select(Rectification).where(Rectification.status == status).order_by(Rectification.id)
        ).all()
        return found[pick % len(found)] if found else None

    def _rectification(self, row: Submission) -> dict[str, Any]:
        return {
            "id": ids.new_id(), "submission_id": row.id, "campaign_id": row.campaign_id, "status": RectifyStatus.OPEN,
            "category": row.category, "grade": row.grade, "excerpt": "", "place": "", "addressee_id": row.enterprise_id,
            "sent_on": day_of(row.created_at),
            "issuer_id": row.town_id, "due_at": self.now + timedelta(days=5), "opened_at": self.now,
            "first_due_at": self.now + timedelta(days=5), "updated_at": self.now, "city_id": row.city_id,
            "district_id": row.district_id, "town_id": row.town_id, "enterprise_id": row.enterprise_id, "version": 1,
        }  # fmt: skip


ACTS = st.sampled_from(
    ["arrive", "arrive", "decide", "decide", "undo", "merge", "put_right", "close", "move", "enterprise", "erase",
     "wait", "count"]
)  # fmt: skip


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
@settings(max_examples=examples(25, full=150), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(ACTS, st.integers(0, 99)), min_size=5, max_size=40))
def test_whatever_happens_the_counts_are_those_of_counting_afresh(
    database: Database, world: World, acts: list[tuple[str, int]]
) -> None:
    """Examples go on where the one before has ended: what was counted then has to come out again as well."""
    hands = Hands(database, world, START)
    for what, pick in acts:
        with database.transaction() as session:
            hands.do(session, what, pick)
    with database.transaction() as session:
        while count_changes(session, hands.now):
            pass
        assert count_waiting(session) == 0
        incremental = kept(session)
    assert incremental == counted_afresh(database, hands.now)


def test_the_database_notes_every_change_that_is_counted_whoever_writes_it(database: Database, world: World) -> None:
    """On both databases, and after every migration: one that makes a table anew would lose them without a word."""
    now = clock.now() - timedelta(days=2)
    with database.transaction() as session:
        rows = insert_submissions(session, world, 2, now, due_at=now + timedelta(days=9))
    assert _changed(database) == set(rows)
    with database.transaction() as session:
        session.execute(update(Submission).where(Submission.id == rows[0]).values(category="fire"))
    assert _changed(database) == {rows[0]}
    with database.transaction() as session:
        session.execute(update(Submission).where(Submission.id == rows[0]).values(excerpt="x", photos_received=1))
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(name="新名字"))
    assert _changed(database) == set()
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(is_chemical=True))
    assert _changed(database) == set(rows)
    with database.transaction() as session:
        session.execute(delete(Hazard).where(Hazard.submission_id == rows[1]))
        session.execute(delete(Submission).where(Submission.id == rows[1]))
    assert _changed(database) == {rows[1]}
    with database.reading() as session:
        assert sum(amounts[0] for cell, amounts in kept(session).items() if cell[0] == str(world.unions.city)) > 0
    assert set(NAMES) <= _triggers(database)


def _changed(database: Database) -> set[UUID]:
    with database.reading() as session:
        changed = set(session.scalars(select(FigureChange.submission_id)))
    count_figures(database)
    return changed


def _triggers(database: Database) -> set[str]:
    is_sqlite = inspect(database.engine).dialect.name == "sqlite"
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if is_sqlite else "SELECT tgname FROM pg_trigger"
    with database.reading() as session:
        return set(session.scalars(text(names)))


def test_what_becomes_overdue_is_counted_so_without_anybody_doing_anything(database: Database, world: World) -> None:
    sent = clock.now() - timedelta(hours=3)
    with database.transaction() as session:
        insert_submissions(session, world, 1, sent, due_at=sent + timedelta(days=1))
        count_changes(session, sent)
        assert _overdue(kept(session), world.unions.city) == 0
        assert count_changes(session, sent + timedelta(hours=23)) == 0
        count_changes(session, sent + timedelta(days=1, seconds=1))
        assert _overdue(kept(session), world.unions.city) == 1


def _overdue(counts: Counts, union_id: UUID) -> int:
    whole = (str(union_id), "0", "all")
    return sum(amounts[MEASURES.index("answer_overdue")] for cell, amounts in counts.items() if cell[:3] == whole)
