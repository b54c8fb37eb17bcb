"""When the next drill is due: needs no database."""

from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from server.oversight.drills.models import DUTY_OF, DUTY_OF_EACH, Concerns, DrillRule, Duty, PlanKind


@dataclass(frozen=True, slots=True)
class Next:
    """What an enterprise has to rehearse, by which rule, and until when. `plan_id`: this plan of it."""

    duty: Duty
    rule_id: UUID
    last_on: date | None
    due_on: date
    plan_id: UUID | None = None


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
    rules: Iterable[DrillRule], *, is_high_risk: bool, known_since: date, last: Mapping[Duty, date], today: date,
    duties: Collection[Duty] = tuple(Duty),
) -> list[Next]:  # fmt: skip
    """Of each of these duties the strictest rule that holds today. Counted from the last drill; where this service
    knows of none, from the day on which it came to know the enterprise, or from which the rule holds if that is
    later."""
    found: dict[Duty, Next] = {}
    for rule in rules:
        if rule.duty not in duties or not applies(rule, is_high_risk=is_high_risk, on=today):
            continue
        since = last.get(rule.duty) or max(known_since, rule.valid_from)
        due = Next(rule.duty, rule.id, last.get(rule.duty), add_months(since, rule.months))
        before = found.get(rule.duty)
        if before is None or due.due_on < before.due_on:
            found[rule.duty] = due
    return [found[duty] for duty in Duty if duty in found]


@dataclass(frozen=True, slots=True)
class Registered:
    """A plan as the register has it. `tried_on`: the last time, by a drill of this service or by what was typed."""

    id: UUID
    kind: PlanKind
    known_since: date
    tried_on: date | None


def all_due(
    rules: Sequence[DrillRule], *, is_high_risk: bool, known_since: date, last: Mapping[Duty, date],
    plans: Sequence[Registered], today: date,
) -> list[Next]:  # fmt: skip
    """What an enterprise has to rehearse: any one of the comprehensive and special plans, of the others each by itself.
    While the register has no plan of a kind that is due one by one, those that it must have are due together; special
    ones nobody must have."""
    latest = dict(last)
    for plan in plans:
        if plan.tried_on is not None:
            duty = DUTY_OF[plan.kind]
            latest[duty] = max(plan.tried_on, latest.get(duty, plan.tried_on))
    each = {DUTY_OF_EACH[plan.kind] for plan in plans if plan.kind in DUTY_OF_EACH}
    together = set(Duty) - each - {Duty.SPECIAL}
    found = next_due(
        rules, is_high_risk=is_high_risk, known_since=known_since, last=latest, today=today, duties=together
    )
    for plan in plans:
        if (duty_of_each := DUTY_OF_EACH.get(plan.kind)) is not None:
            tried = {} if plan.tried_on is None else {duty_of_each: plan.tried_on}
            due = next_due(
                rules, is_high_risk=is_high_risk, known_since=plan.known_since, last=tried, today=today,
                duties=(duty_of_each,),
            )  # fmt: skip
            found += [replace(one, plan_id=plan.id) for one in due]
    return found
