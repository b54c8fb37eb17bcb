"""Reads of safety systems: the list of a city, the table below a union, and one enterprise."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.oversight.systems.models import IN_PLACE, HeldStatus, HeldSum, HeldSystem, SafetySystem
from server.unions.roles import Level
from server.unions.tree.models import Union

Counts = Mapping[HeldStatus, int]


@dataclass(frozen=True, slots=True)
class SystemLine:
    """A system below a union: how many enterprises stand where with it."""

    system: SafetySystem
    counts: Counts

    @property
    def asked(self) -> int:
        return sum(self.counts.values())

    @property
    def in_place(self) -> int:
        return sum(self.counts[status] for status in IN_PLACE)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit below: how many systems of how many its enterprises have. `union_id` None: those of the union itself."""

    name: str
    union_id: UUID | None
    level: Level | None
    counts: Counts

    @property
    def asked(self) -> int:
        return sum(self.counts.values())

    @property
    def in_place(self) -> int:
        return sum(self.counts[status] for status in IN_PLACE)


@dataclass(frozen=True, slots=True)
class SystemsTable:
    """Everything below a union, by system and by unit."""

    systems: Sequence[SystemLine]
    units: Sequence[UnitLine]


def list_systems(session: Session, city_id: UUID | None, *, asked_alone: bool = True) -> Sequence[SafetySystem]:
    """What a city asks about, in its order."""
    wanted = [SafetySystem.is_asked.is_(True)] if asked_alone else []
    return session.scalars(
        select(SafetySystem).where(SafetySystem.city_id == city_id, *wanted).order_by(SafetySystem.position)
    ).all()


def read_table(session: Session, union: Union) -> SystemsTable:
    """The table below a union that is no enterprise: two statements, and the list."""
    systems = {each.id: each for each in list_systems(session, union.city_id)}
    below = session.execute(
        select(Union.id, Union.name, Union.short_name, Union.level)
        .where(Union.parent_id == union.id, Union.is_active.is_(True), Union.level.in_((Level.DISTRICT, Level.TOWN)))
        .order_by(*Union.official_order())
    ).all()
    sums = session.execute(
        select(HeldSum.union_id, HeldSum.system_id, HeldSum.status, HeldSum.enterprises).where(
            HeldSum.union_id.in_([union.id, *(row.id for row in below)]), HeldSum.system_id.in_(systems)
        )
    )
    by_system: dict[UUID, dict[HeldStatus, int]] = defaultdict(_nothing)
    by_unit: dict[UUID, dict[HeldStatus, int]] = defaultdict(_nothing)
    for row in sums:
        by_unit[row.union_id][row.status] += row.enterprises
        if row.union_id == union.id:
            by_system[row.system_id][row.status] += row.enterprises
    units = [UnitLine(row.short_name or row.name, row.id, row.level, by_unit[row.id]) for row in below]
    rest = {
        status: by_unit[union.id][status] - sum(unit.counts[status] for unit in units) for status in HeldStatus
    }  # fmt: skip
    if any(rest.values()):
        units.append(UnitLine("本级直属企业", None, None, rest))
    return SystemsTable([SystemLine(each, by_system[each.id]) for each in systems.values()], units)


def _nothing() -> dict[HeldStatus, int]:
    return dict.fromkeys(HeldStatus, 0)


def list_held(session: Session, enterprise_id: UUID) -> list[tuple[HeldSystem, SafetySystem]]:
    """What one enterprise says of each system that is asked about."""
    rows = session.execute(
        select(HeldSystem, SafetySystem)
        .join(SafetySystem, SafetySystem.id == HeldSystem.system_id)
        .where(HeldSystem.enterprise_id == enterprise_id, SafetySystem.is_asked.is_(True))
        .order_by(SafetySystem.position)
    )
    return [(held, system) for held, system in rows]
