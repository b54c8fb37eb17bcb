"""What counts as what: how one enterprise is counted in one period. Pure, and the one place that says so."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from server.core.text import search_key
from server.oversight.coverage.models import OfficerState
from server.unions.tree.lookup.flags import subsets

MEASURES = (
    "enterprises", "officers_required", "officers_attended", "officers_covered", "officers_unnamed", "own",
    "dispatched", "contractors", "headcount", "attended", "named", "unnamed", "roster", "teams", "teams_drilled",
    "plans", "plans_drilled", "unsigned",
)  # fmt: skip
"""The columns of sums, as CoverageSum has them."""
SUMMED_LEVELS = ("city_id", "district_id", "town_id")
"""What is added up for; of an enterprise the fact itself is read."""


class Part(StrEnum):
    """What is added up apart, beside the whole."""

    ALL = "all"
    INDUSTRY = "industry"
    SIZE = "size"
    OWNERSHIP = "ownership"


class Cell(NamedTuple):
    """The key of a row of sums."""

    period_id: UUID
    union_id: UUID
    flags: int
    part: str
    key: str


@dataclass(frozen=True, slots=True)
class Base:
    """What an enterprise is divided by in a period. `as_of` is None where nobody signed: then the headcount is what the
    page of the union says, and teams are those of the tree."""

    as_of: date | None
    own: int
    dispatched: int
    contractors: int
    officers_required: int
    teams: int

    @property
    def headcount(self) -> int:
        return self.own + self.dispatched + self.contractors


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of the enterprise who was at a session: whether they signed in as its officer, and who they are.
    `person_id` is None for whom the system does not know."""

    who: str
    name_key: str
    is_marked: bool
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Drilled:
    """A team that was at a drill: by its union, or by the name that a sheet gives it."""

    team_id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Who of an enterprise was there in a period. `named` and `unnamed` are those who were there first under this
    enterprise: nobody counts for two. Among the unnamed are those of whom there is a number alone."""

    named: int = 0
    unnamed: int = 0
    officers: Sequence[Officer] = ()
    drilled: Sequence[Drilled] = ()


Officers = Mapping[str, frozenset[UUID] | None]
"""Those who answer for safety, by folded name: who they are, where that is known; None: whoever is called so."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the tree knows of an enterprise."""

    roster: int = 0
    officers: Officers = field(default_factory=dict)
    team_names: Mapping[UUID, str] | None = None
    plans: int = 0
    plans_drilled: int = 0


def measure(base: Base, seen: Seen, known: Known) -> dict[str, Any]:
    """The columns of a fact that are counted."""
    attended = min(seen.named + seen.unnamed, base.headcount)
    drilled = min(len(_teams(seen.drilled, known.team_names or {})), base.teams)
    present = {each.who for each in seen.officers if each.is_marked or _is_named(each, known.officers)}
    return {
        "as_of": base.as_of,
        "is_signed": base.as_of is not None,
        "own": base.own,
        "dispatched": base.dispatched,
        "contractors": base.contractors,
        "headcount": base.headcount,
        "attended": attended,
        "named": seen.named,
        "unnamed": seen.unnamed,
        "roster": known.roster,
        "officers_required": base.officers_required,
        "officers_attended": min(len(present), base.officers_required) if known.officers else 0,
        "officer_state": _officer_state(known.officers, present),
        "teams": base.teams,
        "teams_drilled": drilled,
        "plans": known.plans,
        "plans_drilled": known.plans_drilled,
        "workers_left": attended < base.headcount,
        "teams_left": drilled < base.teams,
    }


def _officer_state(named: Collection[str], present: Collection[str]) -> OfficerState:
    if not named:
        return OfficerState.UNNAMED
    return OfficerState.COVERED if present else OfficerState.MISSING


def _is_named(each: Officer, officers: Officers) -> bool:
    """By the person where both sides know one: a namesake is somebody else. Else by the name."""
    if any(each.person_id in people for people in officers.values() if people is not None):
        return True
    return each.name_key in officers and (officers[each.name_key] is None or each.person_id is None)


def _teams(drilled: Sequence[Drilled], names: Mapping[UUID, str]) -> set[object]:
    """Teams apart: one that a sheet names is the one of that name in the tree, if there is one."""
    by_name = {search_key(name): team_id for team_id, name in names.items()}
    teams: set[object] = set()
    for each in drilled:
        if each.team_id is not None:
            teams.add(each.team_id)
        elif key := search_key(each.name):
            teams.add(by_name.get(key, key))
    return teams


def amounts(fact: Mapping[str, Any]) -> Iterator[tuple[Cell, dict[str, int]]]:
    """Everything that a fact adds to the sums: to which row, how much of each measure."""
    sums = sums_of(fact)
    heads = [
        (Part.ALL, ""), (Part.INDUSTRY, fact["industry"]), (Part.SIZE, fact["size"] or ""),
        (Part.OWNERSHIP, fact["ownership"] or ""),
    ]  # fmt: skip
    for level in SUMMED_LEVELS:
        if (union_id := fact[level]) is None:
            continue
        for part, key in heads:
            for flags in subsets(fact["flags"]):
                yield Cell(fact["period_id"], union_id, flags, str(part), str(key)), sums


def sums_of(fact: Mapping[str, Any]) -> dict[str, int]:
    """One enterprise as measures."""
    state = fact["officer_state"]
    counted = {
        "enterprises": 1,
        "officers_covered": int(state == OfficerState.COVERED),
        "officers_unnamed": int(state == OfficerState.UNNAMED),
        "unsigned": int(not fact["is_signed"]),
    }
    return {name: counted.get(name, fact.get(name, 0)) for name in MEASURES}
