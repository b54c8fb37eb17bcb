"""Reads of coverage: the lines of its table, and what is known of one enterprise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Table, case, select
from sqlalchemy.orm import Session

from server.core.db import counted
from server.core.errors import NotFound
from server.oversight.coverage.counting.rules import MEASURES, SUMMED_LEVELS, Part
from server.oversight.coverage.models import (
    CoverageChange,
    CoverageFact,
    CoveragePeriod,
    CoverageSum,
    Denominator,
    NamedOfficer,
    ReportedDenominator,
)
from server.unions.actor import SCOPE_COLUMNS
from server.unions.campaigns.models import Campaign
from server.unions.roles import Level
from server.unions.tree.lookup.flags import FLAG_BITS, Flag
from server.unions.tree.models import Ownership, Size, Union
from server.unions.tree.texts import OWNERSHIP_NAMES, SIZE_NAMES

SUMS = cast(Table, CoverageSum.__table__)
MOST_WAITING = 1000
UNKNOWN = "未填"


@dataclass(frozen=True, slots=True)
class Period:
    """A period, and what it is called."""

    id: UUID
    name: str
    starts_on: date
    ends_on: date
    is_year: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """A line of the table. `union_id` where it can be opened, `level` of that union."""

    name: str
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(MEASURES, 0))
    union_id: UUID | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """All below one union, and the lines that it is put together from."""

    total: Coverage
    lines: Sequence[Coverage]
    waiting: int  # changes that are not counted yet, MOST_WAITING at most


def list_periods(session: Session) -> list[Period]:
    """Years, the present one first, and campaigns behind them."""
    rows = session.execute(
        select(CoveragePeriod, Campaign.name)
        .outerjoin(Campaign, Campaign.id == CoveragePeriod.campaign_id)
        .order_by(case((CoveragePeriod.year.is_(None), 1), else_=0), CoveragePeriod.starts_on.desc(), CoveragePeriod.id)
    ).all()
    return [
        Period(row.id, name or f"{row.year} 年", row.starts_on, row.ends_on, row.year is not None) for row, name in rows
    ]


def find_period(periods: Sequence[Period], chosen: UUID | None) -> Period | None:
    """The one chosen, else the present year; None while none has been opened. Raises NotFound."""
    if chosen is None:
        return periods[0] if periods else None
    for each in periods:
        if each.id == chosen:
            return each
    raise NotFound


def read_table(session: Session, union: Union, period: Period, by: Part, flags: Collection[Flag]) -> CoverageTable:
    """The table of everything below a union that is no enterprise."""
    bits = sum(FLAG_BITS[flag] for flag in flags)
    waiting = session.scalar(counted(select(CoverageChange.id), MOST_WAITING))
    of_union = select(SUMS).where(
        SUMS.c.period_id == period.id, SUMS.c.union_id == union.id, SUMS.c.flags == bits
    )  # fmt: skip
    whole = session.execute(of_union.where(SUMS.c.part == Part.ALL)).one_or_none()
    total = Coverage("合计", _counts(whole)) if whole is not None else Coverage("合计")
    if by is Part.ALL:
        lines = _units(session, union, period, bits, total)
    else:
        parts = session.execute(of_union.where(SUMS.c.part == by, SUMS.c.enterprises > 0).order_by(SUMS.c.key))
        lines = [Coverage(_part_name(by, row.key), _counts(row)) for row in parts]
    return CoverageTable(total, lines, waiting or 0)


def _counts(row: Any) -> dict[str, int]:
    return {name: getattr(row, name) for name in MEASURES}


def _part_name(by: Part, key: str) -> str:
    if not key:
        return UNKNOWN
    if by is Part.SIZE:
        return SIZE_NAMES[Size(key)]
    return OWNERSHIP_NAMES[Ownership(key)] if by is Part.OWNERSHIP else key


def _units(session: Session, union: Union, period: Period, bits: int, total: Coverage) -> list[Coverage]:
    """The unions right below, and in one line the enterprises that hang on the union itself."""
    below = (
        select(Union.id, Union.name, Union.short_name, Union.level, SUMS)
        .outerjoin(
            SUMS,
            (SUMS.c.union_id == Union.id) & (SUMS.c.period_id == period.id) & (SUMS.c.flags == bits)
            & (SUMS.c.part == Part.ALL),
        )
        .where(
            Union.parent_id == union.id, Union.is_active.is_(True), Union.level.in_((Level.DISTRICT, Level.TOWN))
        )
        .order_by(*Union.official_order())
    )  # fmt: skip
    lines = [
        Coverage(
            row.short_name or row.name, _counts(row) if row.enterprises is not None else dict.fromkeys(MEASURES, 0),
            row.id, row.level,
        )
        for row in session.execute(below)
    ]  # fmt: skip
    rest = {name: total.counts[name] - sum(line.counts[name] for line in lines) for name in MEASURES}
    return [*lines, Coverage("本级直属企业", rest)] if rest["enterprises"] else lines


# --- one enterprise ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EnterpriseCoverage:
    """What is known of an enterprise: how it stands in each period, what it was divided by, who answers for safety."""

    facts: Sequence[tuple[Period, CoverageFact]]
    denominators: Sequence[Denominator]  # newest first
    officers: Sequence[NamedOfficer]
    reported: Mapping[UUID, UUID]  # of denominators that came of an answer: whose it was


def find_last_denominator(session: Session, enterprise_id: UUID) -> Denominator | None:
    """What an enterprise is divided by now."""
    return session.scalar(_denominators(enterprise_id).limit(1))


def _denominators(enterprise_id: UUID) -> Select[Denominator]:
    return (
        select(Denominator)
        .where(Denominator.enterprise_id == enterprise_id)
        .order_by(Denominator.as_of.desc(), Denominator.id.desc())
    )


def read_enterprise(session: Session, union: Union) -> EnterpriseCoverage:
    """The enterprise in all periods."""
    facts = {
        row.period_id: row
        for row in session.scalars(select(CoverageFact).where(CoverageFact.enterprise_id == union.id))
    }
    denominators = session.scalars(_denominators(union.id).limit(20)).all()
    reported = select(ReportedDenominator.denominator_id, ReportedDenominator.recipient_id).where(
        ReportedDenominator.denominator_id.in_([each.id for each in denominators])
    )
    return EnterpriseCoverage(
        facts=[(period, facts[period.id]) for period in list_periods(session) if period.id in facts],
        denominators=denominators,
        reported={row.denominator_id: row.recipient_id for row in session.execute(reported)},
        officers=session.scalars(
            select(NamedOfficer)
            .where(NamedOfficer.enterprise_id == union.id, NamedOfficer.ended_at.is_(None))
            .order_by(NamedOfficer.id)
        ).all(),
    )


def is_summed(union: Union) -> bool:
    """Whether sums are kept for it."""
    return union.level in SCOPE_COLUMNS and SCOPE_COLUMNS[union.level] in SUMMED_LEVELS
