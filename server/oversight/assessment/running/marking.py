"""Giving values: the first check of a unit, and the spot check by somebody else. Marks are added, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid
from server.core.text import clean_prose, fold_width
from server.oversight.assessment.models import AssessedUnit, Assessment, AssessmentStatus, Mark, Stage
from server.oversight.assessment.queries import (
    MarkRow,
    assesses_for,
    get_run,
    get_unit,
    is_own,
    read_known,
    scheme_of,
)
from server.oversight.assessment.running.results import entry_of
from server.oversight.assessment.schemas import Definition, ExpertItem, GradedItem, Item, ItemKind, Source
from server.unions.actor import Actor

STAGE_OF = {AssessmentStatus.CHECKING: Stage.FIRST, AssessmentStatus.SPOT: Stage.SPOT}
MOST_REASON = 500
LARGEST = Decimal(10**9)


@dataclass(slots=True)
class Checked:
    """What was posted for a unit: values by item, and what is wrong, by the name of the input."""

    values: dict[str, tuple[Decimal | None, bool, str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def items_to_mark(scheme: Definition) -> list[Item]:
    """What people give values for; the rest is counted."""
    return [item for item in scheme.items() if item.source is not Source.COMPUTED]


def read_values(scheme: Definition, raw: Mapping[str, Any], before: Mapping[str, Sequence[MarkRow]]) -> Checked:
    """The posted values: `value-i1`, `na-i1`, `reason-i1`. What is lower than the unit said needs a reason."""
    checked = Checked()
    for item in items_to_mark(scheme):
        is_applicable = not raw.get(f"na-{item.key}")
        reason = clean_prose(str(raw.get(f"reason-{item.key}", "")))[:MOST_REASON]
        try:
            value = read_value(item, str(raw.get(f"value-{item.key}", ""))) if is_applicable else None
        except Invalid as error:
            checked.errors[f"value-{item.key}"] = error.message
            continue
        said = [mark for mark in before.get(item.key, ()) if mark.stage is Stage.SELF]
        differs = bool(said) and said[-1].value is not None and value != Decimal(said[-1].value)
        if not reason and (differs or not is_applicable):
            checked.errors[f"reason-{item.key}"] = "和自评不一样的，请写明原因" if differs else "请写明为什么不适用"
        checked.values[item.key] = value, is_applicable, reason
    return checked


def read_value(item: Item, text: str) -> Decimal | None:
    """A value that was typed or chosen; None for nothing. Raises Invalid for what cannot be."""
    text = fold_width(text)
    if not text:
        if item.kind in (ItemKind.LATENESS, ItemKind.RANK):
            return None
        raise Invalid("请填写")
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise Invalid("请填数字") from error
    if not value.is_finite() or not 0 <= value <= LARGEST or value != round(value, 4):
        raise Invalid("请填不小于 0 的数字，最多四位小数")
    if isinstance(item, GradedItem) and value not in {each.percent for each in item.grades}:
        raise Invalid("请从列出的档次里选")
    if isinstance(item, ExpertItem) and value > item.points:
        raise Invalid(f"最多 {item.points:f} 分")
    return value


def mark_unit(
    session: Session, unit_id: UUID, version: int, raw: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Checked:
    """Keep what was found, once all of it is right. Of the first check whatever was said last stands, and whoever said
    it has checked; the spot check is given by another person, and stands over the first.

    Raises Forbidden for one's own unit, or the one that the actor checked; Conflict in another stage, or if
    somebody was faster.
    """
    unit, run = hold_unit(session, unit_id, actor)
    stage = require_marking(run, unit, actor)
    if unit.version != version:
        raise Conflict("这家刚刚有人核过，请看过再填。", code="stale")
    scheme, known = scheme_of(session, run), read_known(session, [unit.id])
    checked = read_values(scheme, raw, known.marks.get(unit.id, {}))
    if checked.errors:
        return checked
    for key, (value, is_applicable, reason) in checked.values.items():
        session.add(new_mark(unit, key, stage, value, reason, is_applicable=is_applicable, actor=actor, now=now))
    if stage is Stage.FIRST:
        unit.checked_at, unit.checked_by_id = now, actor.person_id
    elif stage is Stage.SPOT:
        unit.spot_checked_at, unit.spot_checked_by_id = now, actor.person_id
    unit.version += 1
    session.flush()
    record(
        session, "assessment.marked", subject_type="assessed_unit", subject_id=unit.id, actor_id=actor.person_id,
        at=now, detail={"stage": stage, "assessment": str(run.id)},
    )  # fmt: skip
    return checked


def hold_unit(session: Session, unit_id: UUID, actor: Actor) -> tuple[AssessedUnit, Assessment]:
    """A unit with its run, both held, the run first: its stage does not end meanwhile. Raises NotFound."""
    _, run = get_unit(session, unit_id, actor)
    get_run(session, run.id, None, lock=True)
    return get_unit(session, unit_id, actor, lock=True)


def require_marking(run: Assessment, unit: AssessedUnit, actor: Actor) -> Stage:
    """The stage in which the actor may give this unit values now. Raises Forbidden or Conflict."""
    if not assesses_for(actor, run):
        raise Forbidden("由开展考核的工会核分。")
    if is_own(actor, unit):
        raise Forbidden("这是您自己单位的，请别的同事核分。", code="own_unit")
    stage = STAGE_OF.get(run.status)
    if stage is None:
        raise Conflict("现在不是核分的时候，请刷新后再看。", code="not_now")
    if stage is Stage.SPOT:
        if unit.place is None:
            raise Conflict("这家没有抽中，不用再核。", code="not_drawn")
        if actor.is_own(unit.checked_by_id):
            raise Forbidden("初审是您做的，抽查请换一个人。", code="own_check")
    return stage


def new_mark(
    unit: AssessedUnit, item: str, stage: Stage, value: Decimal | None, reason: str,
    *, is_applicable: bool, actor: Actor, now: datetime,
) -> Mark:  # fmt: skip
    """A value as it is kept."""
    return Mark(
        id=ids.new_id(), unit_id=unit.id, item=item, stage=stage, value=None if value is None else f"{value:f}",
        is_applicable=is_applicable, reason=reason, by_id=actor.person_id, at=now,
    )  # fmt: skip


def shown_value(item: Item, marks: Sequence[MarkRow]) -> tuple[str, bool]:
    """What the form of a check begins with: the value in force, else what the unit said; and whether it applies."""
    entry = entry_of(item, None, marks)
    if entry.values:
        return f"{entry.values[-1]:f}", True
    given = [mark for mark in marks if mark.stage is not Stage.SELF]
    if given:
        return "", entry.is_applicable
    said = [mark.value for mark in marks if mark.stage is Stage.SELF and mark.value is not None]
    return (said[-1], True) if said else ("", True)
