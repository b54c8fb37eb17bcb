"""When the next drill is due: needs no database."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from server.oversight.drills.models import Concerns, DrillRule, Duty


@dataclass(frozen=True, slots=True)
class Next:
    """What an enterprise has to rehearse, by which rule, and until when."""

    duty: Duty
    rule_id: UUID
    last_on: date | None
    due_on: date


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def applies(rule: DrillRule, *, is_high_risk: bool, on: date) -> bool:
    """Whether a rule holds for an enterprise on a day. What nobody has checked is not applied."""
    if not rule.is_verified or on < rule.valid_from or (rule.valid_until is not None and on > rule.valid_until):
        return False
    return rule.concerns in (Concerns.EVERYBODY, Concerns.HIGH_RISK if is_high_risk else Concerns.OTHERS)


def next_due(
    rules: Iterable[DrillRule], *, is_high_risk: bool, known_since: date, last: Mapping[Duty, date], today: date
) -> list[Next]:
    """Of each duty the strictest rule that holds today. Counted from the last drill; where this service knows of none,
    from the day on which it came to know the enterprise, or from which the rule holds if that is later."""
    found: dict[Duty, Next] = {}
    for rule in rules:
        if not applies(rule, is_high_risk=is_high_risk, on=today):
            continue
        since = last.get(rule.duty) or max(known_since, rule.valid_from)
        due = Next(rule.duty, rule.id, last.get(rule.duty), add_months(since, rule.months))
        before = found.get(rule.duty)
        if before is None or due.due_on < before.due_on:
            found[rule.duty] = due
    return [found[duty] for duty in Duty if duty in found]
