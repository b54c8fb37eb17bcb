"""States and moves of one system at one enterprise."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.kit.filters import start_of
from server.kit.workflow import SYSTEM, Move, MoveContext, Party, StepData, Workflow
from server.oversight.systems.models import HeldStatus, HeldSystem, SafetySystem
from server.oversight.systems.permissions import MAY_CHECK, MAY_READ, MAY_STATE
from server.oversight.systems.rules import months_after, wrong_days
from server.unions.actor import Actor, in_scope

Context = MoveContext[HeldSystem]


class HeldMove(StrEnum):
    ASK = "ask"
    STATE = "state"
    ADMIT = "admit"
    CHECK = "check"
    RETURN = "return"


def get_held(session: Session, held_id: UUID, actor: Actor | None, *, lock: bool = False) -> HeldSystem:
    """A row within the actor's subtrees. Raises NotFound."""
    statement = select(HeldSystem).where(HeldSystem.id == held_id).execution_options(populate_existing=lock)
    if actor is not None:
        statement = statement.where(in_scope(actor, HeldSystem, MAY_READ))
    held = session.scalar(statement.with_for_update() if lock else statement)
    if held is None:
        raise NotFound
    return held


def _lock(session: Session, held_id: UUID, actor: Actor | None) -> HeldSystem:
    return get_held(session, held_id, actor, lock=True)


def _refuse_strangers(context: Context) -> AppError | None:
    states = context.actor is not None and context.actor.holds_over(context.row, MAY_STATE)
    return None if states else Forbidden("由企业工会填写。")


def _refuse_enterprises(context: Context) -> AppError | None:
    checks = context.actor is not None and context.actor.holds_over(context.row, MAY_CHECK)
    return None if checks else Forbidden("由上级工会核对。")


FILLER = Party("filler", _refuse_strangers)
"""The enterprise's own reviewer, or a union above that fills it in for one."""
CHECKER = Party("checker", _refuse_enterprises)


def _refuse_own_words(context: Context) -> AppError | None:
    """What somebody filled in for an enterprise somebody else looks at."""
    if context.actor is not None and context.actor.is_own(context.row.stated_by_id):
        return Conflict("自己填的，请同事来核对。", code="own_words")
    return None


def _refuse_days(context: Context) -> AppError | None:
    form = context.form
    fields = wrong_days(form.adopted_on, form.reviewed_on, form.next_review_on, day_of(context.now))
    return Invalid(fields=fields) if fields else None


def _state(context: Context) -> StepData:
    row, form = context.row, context.form
    reviewed = form.reviewed_on or form.adopted_on
    months = context.session.get_one(SafetySystem, row.system_id).review_months
    following = form.next_review_on or months_after(reviewed, months)
    row.title, row.adopted_on, row.reviewed_on, row.note = form.title, form.adopted_on, reviewed, form.note
    row.next_review_on, row.reason = following, ""
    row.review_due_at = start_of(following + timedelta(days=1))
    _say(context)
    return StepData(data={"reviewed_on": reviewed.isoformat()})


def _admit(context: Context) -> StepData:
    context.row.note, context.row.reason = context.form.note, ""
    context.row.next_review_on = context.row.reviewed_on = context.row.review_due_at = None
    _say(context)
    return StepData()


def _say(context: Context) -> None:
    context.row.stated_by_id, context.row.stated_at = context.actor_id, context.now
    context.row.checked_by_id = context.row.checked_at = None


def _check(context: Context) -> StepData:
    context.row.checked_by_id, context.row.checked_at = context.actor_id, context.now
    return StepData()


def _return(context: Context) -> StepData:
    context.row.reason = context.form.reason
    context.row.checked_by_id, context.row.checked_at = context.actor_id, context.now
    return StepData(data={"reason": context.form.reason})


_BY_AN_ANSWER: tuple[Move[HeldSystem], ...] = (
    Move(
        name=HeldMove.STATE, party=SYSTEM, before=tuple(HeldStatus), after=HeldStatus.STATED, label="有这项制度",
        audit="填写安全制度", effect=_state,
    ),
    Move(
        name=HeldMove.ADMIT, party=SYSTEM, before=tuple(set(HeldStatus) - {HeldStatus.ABSENT}),
        after=HeldStatus.ABSENT, label="还没有", audit="登记没有安全制度", effect=_admit,
    ),
    Move(
        name=HeldMove.CHECK, party=SYSTEM, before=(HeldStatus.STATED,), after=HeldStatus.CHECKED, label="核对无误",
        audit="核对安全制度", effect=_check,
    ),
)  # fmt: skip
"""The same where an answer to an assignment says it, and whoever asked accepted that (collecting/taking.py)."""

HELD: Workflow[HeldSystem] = Workflow(
    subject="held_system",
    statuses=HeldStatus,
    lock=_lock,
    moves=(
        Move(
            name=HeldMove.ASK, party=SYSTEM, before=(), after=HeldStatus.UNSTATED, label="列入", audit="列入制度清单"
        ),
        Move(
            name=HeldMove.STATE, party=FILLER, before=tuple(HeldStatus), after=HeldStatus.STATED,
            label="有这项制度", audit="填写安全制度", check=_refuse_days, effect=_state,
        ),
        Move(
            name=HeldMove.ADMIT, party=FILLER, before=tuple(set(HeldStatus) - {HeldStatus.ABSENT}),
            after=HeldStatus.ABSENT, label="还没有", audit="登记没有安全制度", effect=_admit,
        ),
        Move(
            name=HeldMove.CHECK, party=CHECKER, before=(HeldStatus.STATED,), after=HeldStatus.CHECKED,
            label="核对无误", audit="核对安全制度", guard=_refuse_own_words, effect=_check,
        ),
        *_BY_AN_ANSWER,
        Move(
            name=HeldMove.RETURN, party=CHECKER, before=(HeldStatus.STATED, HeldStatus.CHECKED),
            after=HeldStatus.RETURNED, label="退回", audit="退回安全制度", effect=_return,
        ),
    ),
)  # fmt: skip
