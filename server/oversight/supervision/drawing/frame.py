"""What a draw is made from, put together from what is known of the enterprises: the frame whose hash is published."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.choosing.statements import named_by
from server.core.clock import day_of
from server.kit.draws.spelling import VALUE_FORMS, terms_of
from server.kit.draws.weighted import FORMAT
from server.kit.filters import start_of
from server.kit.scope import union_names
from server.oversight.incidents.queries import count_accidents
from server.oversight.supervision.models import Draw, DrawNote, NoteKind, Plan, PlanMember, PlanUnit, Recusal
from server.oversight.supervision.queries import planned_elsewhere, settings_of, weights_of
from server.oversight.supervision.schemas import DrawTerms, Weights
from server.oversight.supervision.texts import (
    CHEMICAL,
    EVERYBODY,
    HIGH_RISK,
    MODE_NAMES,
    OTHERS,
    SIZE_STRATA,
    WEIGHT_NAMES,
)
from server.oversight.visits.models import Visit
from server.oversight.visits.queries import visits_this_year
from server.unions.roles import Level
from server.unions.tree.lookup.flags import NON_PUBLIC, NOT_LARGE
from server.unions.tree.models import Union

BASE, CHUNK = 100, 500
RISKS = (CHEMICAL, HIGH_RISK, OTHERS)


@dataclass(frozen=True, slots=True)
class Known:
    """What weighs: what was said of enterprises by hand, which had an accident, when they were last visited (by any
    level), which are full for the year."""

    notes: Mapping[tuple[UUID, NoteKind], str]
    going: frozenset[UUID]
    accidents: frozenset[UUID]
    last: Mapping[UUID, date]
    counts: Mapping[UUID, int]
    cap: int
    long_ago: date
    districts: Mapping[UUID, str]


def build_frame(session: Session, plan: Plan, draw: Draw, seed_hash: str, now: datetime) -> dict[str, Any]:
    """The frame as it is now: the same state of the database always gives the same."""
    terms = DrawTerms.model_validate(draw.terms)
    rows = _enterprises(session, plan, terms)
    known, weights = _know(session, plan, draw, terms, rows, now), weights_of(settings_of(session, plan.union_id))
    units: list[dict[str, Any]] = []
    excluded: list[dict[str, str]] = []
    for row in rows:
        reason = _excluded(row, known)
        if reason is not None:
            excluded.append({"id": str(row.id), "name": row.name, "reason": reason})
            continue
        why = [name for name in WEIGHT_NAMES if _holds(name, row, known) and getattr(weights, name)]
        units.append({
            "id": str(row.id), "name": row.name, "stratum": _stratum(row, terms, known),
            "weight": BASE + sum(getattr(weights, name) for name in why), "why": [WEIGHT_NAMES[name] for name in why],
        })  # fmt: skip
    return {
        **_promise(session, plan, draw, terms, weights, known, seed_hash), "units": units, "excluded": excluded,
        "strata": _strata(terms, units), **_inspectors(session, plan, terms, units),
    }  # fmt: skip


def _promise(
    session: Session, plan: Plan, draw: Draw, terms: DrawTerms, weights: Weights, known: Known, seed_hash: str
) -> dict[str, Any]:
    return {
        "format": FORMAT, "draw_id": str(draw.id), "plan": plan.title, "mode": MODE_NAMES[plan.mode],
        "union": session.get_one(Union, plan.union_id).name, "rule": terms.rule.model_dump(mode="json"),
        "strata_by": terms.strata_by, "base_weight": BASE, "weights": weights.model_dump(), "yearly_cap": known.cap,
        "unvisited_months": terms.unvisited_months, "accident_months": terms.accident_months,
        "public_value_source": terms.source,
        "public_value_form": terms_of(VALUE_FORMS[terms.value_form]),
        "public_value_due_on": terms.due_on.isoformat(), "seed_hash": seed_hash,
    }  # fmt: skip


def _enterprises(session: Session, plan: Plan, terms: DrawTerms) -> Sequence[Any]:
    """All that the rule names: nobody is left out but by a reason that stands in the frame."""
    rule = terms.rule.model_copy(update={"levels": (Level.ENTERPRISE,), "copies": ()})
    union = session.get_one(Union, plan.union_id)
    return session.execute(
        select(
            Union.id, Union.name, Union.district_id, Union.is_high_risk, Union.is_chemical, Union.ownership, Union.size
        )
        .where(*named_by(session, rule, union), Union.level == Level.ENTERPRISE)
        .order_by(Union.id)
    ).all()


def _know(
    session: Session, plan: Plan, draw: Draw, terms: DrawTerms, rows: Sequence[Any], now: datetime
) -> Known:  # fmt: skip
    notes = session.scalars(select(DrawNote).where(DrawNote.draw_id == draw.id))
    going = session.scalars(
        select(PlanUnit.enterprise_id).where(PlanUnit.plan_id == plan.id, PlanUnit.dropped_at.is_(None))
    )
    last: dict[UUID, date] = {}
    counts: dict[UUID, int] = {}
    year, accidents = start_of(plan.starts_on), set[UUID]()
    since = _months_before(day_of(now), terms.accident_months)
    for chunk in _chunks([row.id for row in rows]):
        done = select(Visit.enterprise_id, func.max(Visit.visited_on)).where(
            Visit.enterprise_id.in_(chunk), Visit.visited_on.is_not(None)
        )
        for enterprise_id, day in session.execute(done.group_by(Visit.enterprise_id)):
            last[cast(UUID, enterprise_id)] = cast(date, day)
        noted = count_accidents(session, ((each, Level.ENTERPRISE) for each in chunk), since, day_of(now))
        accidents |= noted.keys()
        made, planned = visits_this_year(session, chunk, year), planned_elsewhere(session, chunk, year)
        counts |= {each: made[each] + planned[each] for each in chunk}
    names = union_names(session, {row.district_id for row in rows}) if terms.strata_by == "district" else {}
    return Known(
        notes={(each.union_id, each.kind): each.reason for each in notes},
        going=frozenset(each for each in going if each is not None), accidents=frozenset(accidents), last=last,
        counts=counts,
        cap=settings_of(session, plan.union_id).yearly_cap,
        long_ago=_months_before(day_of(now), terms.unvisited_months),
        districts={each: name.name for each, name in names.items()},
    )  # fmt: skip


def _chunks(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


def _months_before(day: date, months: int) -> date:
    """The first of the month so many months before."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _excluded(row: Any, known: Known) -> str | None:
    if (row.id, NoteKind.EXCLUDED) in known.notes:
        return known.notes[row.id, NoteKind.EXCLUDED]
    if row.id in known.going:
        return "已经在这个计划里"
    if known.counts[row.id] >= known.cap:
        return f"今年各级已去过或安排了 {known.counts[row.id]} 次，达到上限"
    return None


def _holds(name: str, row: Any, known: Known) -> bool:
    match name:
        case "high_risk":
            return bool(row.is_high_risk)
        case "chemical":
            return bool(row.is_chemical)
        case "non_public_sme":
            return row.ownership in NON_PUBLIC and row.size in NOT_LARGE
        case "accident":
            return row.id in known.accidents or (row.id, NoteKind.ACCIDENT) in known.notes
        case _:
            return row.id not in known.last or known.last[row.id] < known.long_ago


def _stratum(row: Any, terms: DrawTerms, known: Known) -> str:
    match terms.strata_by:
        case "risk":
            return CHEMICAL if row.is_chemical else HIGH_RISK if row.is_high_risk else OTHERS
        case "district":
            return known.districts.get(row.district_id, OTHERS)
        case "size":
            return SIZE_STRATA[row.size.value if row.size is not None else None]
        case _:
            return EVERYBODY


def _strata(terms: DrawTerms, units: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Every stratum that has somebody, and every one of which somebody is wanted."""
    quotas = {each.stratum: each.count for each in terms.quotas}
    sizes = Counter(unit["stratum"] for unit in units)
    wanted = {name for name, count in quotas.items() if count}
    return [
        {"name": name, "size": sizes[name], "quota": quotas.get(name, 0), "reserves": terms.reserves}
        for name in sorted(sizes.keys() | wanted, key=lambda name: (RISKS.index(name) if name in RISKS else -1, name))
    ]


def _inspectors(
    session: Session, plan: Plan, terms: DrawTerms, units: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:  # fmt: skip
    """Everybody of the plan, by the ids of their rows: the file that anybody gets names no person. Nor does it say why
    somebody does not go: that tells of them, and could not be struck out of what is hashed."""
    if not terms.inspectors_each:
        return {"inspectors": [], "inspectors_each": 0, "recusals": []}
    members = session.scalars(select(PlanMember.id).where(PlanMember.plan_id == plan.id).order_by(PlanMember.id))
    listed = {unit["id"] for unit in units}
    recusals = session.scalars(
        select(Recusal).where(Recusal.plan_id == plan.id).order_by(Recusal.member_id, Recusal.union_id)
    )
    return {
        "inspectors": [{"id": str(each)} for each in members],
        "inspectors_each": terms.inspectors_each,
        "recusals": [
            {"inspector": str(each.member_id), "unit": str(each.union_id)}
            for each in recusals
            if str(each.union_id) in listed
        ],
    }
