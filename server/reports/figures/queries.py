"""Reads of figures, all of them from the counts by day."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import NotFound
from server.kit.enterprises import UNKNOWN_INDUSTRY
from server.reports.figures.charts.trends import steps_of_trend
from server.reports.figures.cuts.cut import Cut
from server.reports.figures.cuts.periods import Span, a_year_before
from server.reports.figures.schemas import Counts, Figures, Line
from server.reports.rollups.queries import COMPARED, Slot, count_waiting, sum_days, sum_parts, sum_unions
from server.reports.rollups.rules import MEASURES, Part
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts, list_campaigns
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope

Sums = Mapping[tuple[Part, str], Mapping[str, int]]


def get_subtree(session: Session, actor: Actor, union_id: UUID | None) -> Union:
    """The union whose figures are asked for: the one named, else the first of the actor's own. Raises NotFound."""
    if union_id is None:
        own = [role_at.union_id for role_at in actor.roles if role_at.role in CONSOLE]
        union_id = own[0] if own else None
    if union_id is None:
        raise NotFound
    union = get_union_in_scope(session, union_id, actor)
    if union.level is Level.TEAM:
        raise NotFound
    return union


def read_figures(session: Session, union: Union, campaign_id: UUID | None, cut: Cut, now: datetime) -> Figures:
    """The figures of everything below `union`, of one campaign or of all. Raises NotFound for an unknown campaign."""
    categories, grades = _words(session, campaign_id)
    today = day_of(now)
    span = cut.span(today)
    before_span = a_year_before(span, today)
    slot = Slot(union.id, campaign_id, cut.flag_bits, span.since, span.until)
    sums = sum_parts(session, slot, Part.ALL, Part.OTHER)
    sums |= sum_parts(session, slot, Part.CATEGORY, Part.GRADE, Part.INDUSTRY, measures=COMPARED)
    before = _sums_before(session, slot, before_span)
    whole = _counts(sums, Part.ALL)
    return Figures(
        span=span,
        before_span=before_span,
        at=now,
        waiting=count_waiting(session),
        hazards=whole,
        before=_counts(before, Part.ALL) if before is not None else None,
        suggestions=_counts(sums, Part.OTHER),
        suggestions_before=_counts(before, Part.OTHER) if before is not None else None,
        by_union=_union_lines(session, union, slot, whole),
        by_category=_lines(sums, Part.CATEGORY, categories, lambda key: key),
        by_grade=_lines(sums, Part.GRADE, grades, lambda key: f"{key} 级", listed=True),
        by_industry=_lines(sums, Part.INDUSTRY, {"": "未填行业"}, lambda key: key),
        trend=steps_of_trend(sum_days(session, slot), span, today),
    )


def read_recent(session: Session, union: Union, campaign_id: UUID | None, cut: Cut, now: datetime) -> Counts:
    """The figures of hazards alone, for a strip of a page."""
    span = cut.span(day_of(now))
    slot = Slot(union.id, campaign_id, cut.flag_bits, span.since, span.until)
    return _counts(sum_parts(session, slot, Part.ALL), Part.ALL)


def _sums_before(session: Session, slot: Slot, span: Span | None) -> Sums | None:
    if span is None:
        return None
    return sum_parts(session, replace(slot, since=span.since, until=span.until), Part.ALL, Part.OTHER)


def _counts(sums: Sums, part: Part) -> Counts:
    """The sum of all rows of a part."""
    found = [measures for (of, _), measures in sums.items() if of is part]
    return Counts({name: sum(measures[name] for measures in found) for name in MEASURES})


def _words(session: Session, campaign_id: UUID | None) -> tuple[dict[str, str], dict[str, str]]:
    """What categories and grades are called, in their order; of several campaigns the newest one's words win."""
    ids = [campaign_id] if campaign_id is not None else [each.id for each in list_campaigns(session)]
    categories: dict[str, str] = {}
    grades: dict[str, str] = {}
    for each in ids:
        facts = campaign_facts(session, each)
        categories = {**categories, **{key: name for key, name in facts.categories.items() if key not in categories}}
        numbered = {str(number): f"{number} 级 {name}" for number, name in facts.grades.items()}
        grades = {**numbered, **grades}
    return categories, dict(sorted(grades.items()))


def _lines(
    sums: Sums, part: Part, names: Mapping[str, str], other: Callable[[str], str], *, listed: bool = False
) -> list[Line]:
    """Lines of one breakdown, most submitted first; in the order of `names`, with empty ones, if `listed`."""
    found = {key: Counts(measures) for (of, key), measures in sums.items() if of is part and any(measures.values())}
    keys = [*names, *sorted(key for key in found if key not in names)] if listed else list(found)
    lines = [Line(key, names.get(key) or other(key), found.get(key, Counts()), _narrowed(part, key)) for key in keys]
    return lines if listed else sorted(lines, key=lambda line: (-line.counts["submitted"], line.name))


def _narrowed(part: Part, key: str) -> dict[str, str]:
    return {part.value: key or UNKNOWN_INDUSTRY if part is Part.INDUSTRY else key}


def _union_lines(session: Session, union: Union, slot: Slot, whole: Counts) -> list[Line]:
    """Unions right below, all in use and those that something is counted of; then what belongs to none of them. In the
    official order: nobody is ranked."""
    below = select(Union.id).where(Union.parent_id == union.id, Union.level != Level.TEAM)
    rows: Sequence[Union] = session.scalars(
        select(Union).where(Union.id.in_(below)).order_by(*Union.official_order())
    ).all()
    if not rows:
        return []
    found = sum_unions(session, slot, below)
    lines = [
        Line(str(row.id), _name(row), Counts(found.get(row.id, {})), {"union": str(row.id)})
        for row in rows
        if row.is_active or any(found.get(row.id, {}).values())
    ]
    rest = {name: whole[name] - sum(line.counts[name] for line in lines) for name in COMPARED}
    if any(amount > 0 for amount in rest.values()):
        own = Counts({name: max(amount, 0) for name, amount in rest.items()})
        lines.append(Line("own", f"{union.short_name or union.name}本级", own, {"own": "1"}))
    return lines


def _name(union: Union) -> str:
    said = union.short_name or union.name
    return said if union.is_active else f"{said}（已停用）"
