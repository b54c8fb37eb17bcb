"""Writes of what is counted: what changed is taken out of the sums as it was counted last, and put in as it is now."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Insert, Table, delete, insert, select, text
from sqlalchemy.orm import Session

from server.core import ids
from server.core.db import upsert
from server.oversight.coverage.counting.reading import read_facts
from server.oversight.coverage.counting.rules import MEASURES, Cell, amounts
from server.oversight.coverage.models import CoverageChange, CoverageFact, CoveragePeriod, CoverageSum
from server.oversight.training.models import Attendance
from server.unions.campaigns.models import Campaign
from server.unions.roles import Level
from server.unions.tree.models import Union

FACTS, SUMS = cast(Table, CoverageFact.__table__), cast(Table, CoverageSum.__table__)
BATCH = 50  # enterprises counted in one transaction at most
FORGOTTEN = 20_000  # notes of one batch: a table of people that is read in notes each enterprise hundreds of times
LOOKED_AT = 2000  # changes among which they are found: a table of people notes an enterprise once for each of them


def open_periods(session: Session, today: date) -> None:
    """There is a period for each year in which somebody was trained, this one included, and for each campaign that has
    begun. Where one is new, or a campaign's days are others now, everybody is counted again."""
    known = session.scalars(select(CoveragePeriod)).all()
    changed = _open_years(session, today, {each.year for each in known})
    campaigns = {each.campaign_id: each for each in known if each.campaign_id is not None}
    for row in session.execute(
        select(Campaign.id, Campaign.starts_on, Campaign.ends_on).where(Campaign.starts_on <= today)
    ):
        period = campaigns.get(row.id)
        if period is None:
            session.add(
                CoveragePeriod(id=ids.new_id(), campaign_id=row.id, starts_on=row.starts_on, ends_on=row.ends_on)
            )
            changed = True
        elif (period.starts_on, period.ends_on) != (row.starts_on, row.ends_on):
            period.starts_on, period.ends_on = row.starts_on, row.ends_on
            changed = True
    session.flush()
    if changed:
        _count_everybody(session)


def _open_years(session: Session, today: date, known: Collection[int | None]) -> bool:
    cities = session.scalars(select(Union.id).where(Union.level == Level.CITY))
    firsts = [
        session.scalar(
            select(Attendance.held_on)
            .where(Attendance.city_id == city_id, Attendance.is_counted.is_(True))
            .order_by(Attendance.held_on)
            .limit(1)
        )
        for city_id in cities
    ]
    first = min((each.year for each in firsts if each is not None), default=today.year)
    years = {*range(first, today.year + 1), today.year} - set(known)
    session.add_all(
        CoveragePeriod(id=ids.new_id(), year=year, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31))
        for year in sorted(years)
    )
    return bool(years)


def _count_everybody(session: Session) -> None:
    enterprises = select(Union.id).where(Union.level == Level.ENTERPRISE)
    session.execute(insert(CoverageChange).from_select(["enterprise_id"], enterprises))


@dataclass(frozen=True, slots=True)
class Batch:
    """Enterprises to count again in these periods, and the notes that say so."""

    enterprises: frozenset[UUID]
    changes: Sequence[int]
    periods: Sequence[UUID]


def next_batch(session: Session, size: int = BATCH) -> Batch | None:
    """What changed first; None when nothing did."""
    changes = session.execute(
        select(CoverageChange.id, CoverageChange.enterprise_id).order_by(CoverageChange.id).limit(LOOKED_AT)
    ).all()
    wanted = set(islice(dict.fromkeys(change.enterprise_id for change in changes), size))
    if not wanted:
        return None
    notes = select(CoverageChange.id).where(CoverageChange.enterprise_id.in_(wanted)).limit(FORGOTTEN)
    periods = session.scalars(select(CoveragePeriod.id)).all()
    return Batch(frozenset(wanted), session.scalars(notes).all(), periods)


def forget_changes(session: Session, changes: Sequence[int]) -> None:
    """They are counted in every period. What came since the batch was read stays."""
    session.execute(delete(CoverageChange).where(CoverageChange.id.in_(changes)))


def count_again(session: Session, period_id: UUID, wanted: Collection[UUID]) -> None:
    """Count enterprises in one period as they are now. Doing it again changes nothing."""
    if session.get_bind().dialect.name == "postgresql":  # two who count the same would take it out twice
        session.execute(text("LOCK TABLE coverage_facts IN SHARE ROW EXCLUSIVE MODE"))
    period = session.get_one(CoveragePeriod, period_id)
    same = FACTS.c.period_id == period.id, FACTS.c.enterprise_id.in_(wanted)
    before = [dict(row._mapping) for row in session.execute(select(FACTS).where(*same))]
    after = read_facts(session, period, wanted)
    _add(session, before, after)
    session.execute(delete(FACTS).where(*same))
    if after:
        session.execute(FACTS.insert(), after)


def _add(session: Session, before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> None:
    """Add the differences to the rows of sums."""
    changes: dict[Cell, dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for facts, sign in ((before, -1), (after, 1)):
        for fact in facts:
            for cell, measures in amounts(fact):
                row = changes[cell]
                for name, amount in measures.items():
                    row[name] += sign * amount
    rows = [{**cell._asdict(), **measures} for cell, measures in changes.items() if any(measures.values())]
    if rows:
        session.execute(_add_to_sums(), rows)


def _add_to_sums() -> Insert:
    row = upsert(SUMS)
    added = {name: SUMS.c[name] + row.excluded[name] for name in MEASURES}
    return row.on_conflict_do_update(index_elements=list(SUMS.primary_key.columns), set_=added)
