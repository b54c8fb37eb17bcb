"""Writes of the counts: what changed is taken out as it was counted last, and put in as it is now."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Insert, Table, delete, select, text
from sqlalchemy.orm import Session

from server.core.db import upsert
from server.reports.rollups.models import FigureChange, FigureDay, FigureFact
from server.reports.rollups.queries import find_rows
from server.reports.rollups.rules import MEASURES, Cell, Fact, fact_of, turns_at
from server.review.submissions.kinds.registry import kind_of

DAYS, FACTS = cast(Table, FigureDay.__table__), cast(Table, FigureFact.__table__)
BATCH = 500  # submissions counted in one transaction: some 200 ms in which others wait on SQLite


def count_changes(session: Session, now: datetime) -> int:
    """Count again what changed, and what became overdue, a batch of it. Returns how many submissions that were."""
    if session.get_bind().dialect.name == "postgresql":  # two who count the same would take it out twice
        session.execute(text("LOCK TABLE figure_facts IN SHARE ROW EXCLUSIVE MODE"))
    changes = session.execute(
        select(FigureChange.id, FigureChange.submission_id).order_by(FigureChange.id).limit(BATCH)
    ).all()
    overdue = session.scalars(
        select(FigureFact.submission_id).where(FigureFact.turns_at < now).order_by(FigureFact.turns_at).limit(BATCH)
    )
    wanted = {change.submission_id for change in changes} | set(overdue)
    if wanted:
        _count_again(session, wanted, now)
    if changes:
        session.execute(delete(FigureChange).where(FigureChange.id.in_([change.id for change in changes])))
    return len(wanted)


def _count_again(session: Session, submission_ids: Collection[UUID], now: datetime) -> None:
    known = session.execute(select(FACTS).where(FACTS.c.submission_id.in_(submission_ids))).all()
    before = {row.submission_id: Fact.read(row.fact) for row in known}
    rows = {row.id: row for row in find_rows(session, submission_ids)}
    after = {
        each: fact_of(row, is_rectified=kind_of(row.kind).is_rectified, flags=row.flags, now=now)
        for each, row in rows.items()
    }
    _add(session, before, after)
    session.execute(delete(FACTS).where(FACTS.c.submission_id.in_(submission_ids)))
    if after:
        kept = [
            {"submission_id": each, "fact": fact.keep(), "turns_at": turns_at(rows[each], now)}
            for each, fact in after.items()
        ]
        session.execute(FACTS.insert(), kept)


def _add(session: Session, before: Mapping[UUID, Fact], after: Mapping[UUID, Fact]) -> None:
    """Add the differences to the rows of counts."""
    changes: dict[Cell, dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for facts, sign in ((before, -1), (after, 1)):
        for fact in facts.values():
            for cell, measure, amount in fact.amounts():
                changes[cell][measure] += sign * amount
    rows = [{**cell._asdict(), **amounts} for cell, amounts in changes.items() if any(amounts.values())]
    if rows:
        session.execute(_add_to_counts(), rows)


def _add_to_counts() -> Insert:
    row = upsert(DAYS)
    added = {name: DAYS.c[name] + row.excluded[name] for name in MEASURES}
    return row.on_conflict_do_update(index_elements=list(DAYS.primary_key.columns), set_=added)
