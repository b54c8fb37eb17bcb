"""Reads of incidents for the slices above."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.oversight.incidents.models import Incident, IncidentKind
from server.unions.roles import Level
from server.unions.tree.rules import OWN_COLUMN


@dataclass(frozen=True, slots=True)
class Accidents:
    """How many were noted of a union with all below it."""

    count: int
    deaths: int
    injured: int


def count_accidents(
    session: Session, unions: Iterable[tuple[UUID, Level]], since: date, until: date
) -> Mapping[UUID, Accidents]:  # fmt: skip
    """Of each of these unions that has any, in these days: one statement for each level."""
    by_level: dict[Level, list[UUID]] = defaultdict(list)
    for union_id, level in unions:
        by_level[level].append(union_id)
    found: dict[UUID, Accidents] = {}
    for level, ids in by_level.items():
        of = getattr(Incident, OWN_COLUMN[level])
        rows = session.execute(
            select(of, func.count(), func.sum(Incident.deaths), func.sum(Incident.injured))
            .where(of.in_(ids), Incident.kind == IncidentKind.ACCIDENT, Incident.struck_at.is_(None))
            .where(Incident.happened_on.between(since, until))
            .group_by(of)
        )
        found |= {union_id: Accidents(count, int(deaths), int(injured)) for union_id, count, deaths, injured in rows}
    return found
