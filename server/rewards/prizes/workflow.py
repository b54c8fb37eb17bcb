"""Which moves a win allows in which state, who makes them, what they change. A prize that comes free goes to the next.

All wins of a way begin together when places are given (`AWARD`): one step of the pool tells of them.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.new_rows import NewRow
from server.kit.deadlines.calendar.working_days import due_after
from server.kit.workflow import (
    SYSTEM,
    Move,
    MoveContext,
    PartOf,
    Party,
    Step,
    StepData,
    Workflow,
    perform_held,
    say_reason,
)
from server.notifications.inbox.actions import deliver
from server.rewards.prizes import messages
from server.rewards.prizes.models import (
    PoolMove,
    Prize,
    PrizeHandover,
    PrizePool,
    PrizeStep,
    PrizeWin,
    Proof,
    Way,
    WinStatus,
)
from server.rewards.prizes.pools.log import lock_pool, owns
from server.unions.actor import Actor
from server.unions.people.selves.queries import other_selves

S, M = WinStatus, PoolMove
Context = MoveContext[PrizeWin]
HOLDING = (S.OFFERED, S.ACCEPTED, S.HANDED_OVER)
"""Wins that take a prize out of the stock."""
CODE_DIGITS = 8
_STEPS = cast(Table, PrizeStep.__table__)


@dataclass(frozen=True, slots=True)
class FreePrize:
    """The form of a promotion: which prize has come free."""

    prize_id: UUID


def lock_win(session: Session, win_id: UUID, _actor: Actor | None) -> PrizeWin:
    """The win and its pool, held until the transaction ends: always the pool first. Raises NotFound."""
    pool_id = session.scalar(select(PrizeWin.pool_id).where(PrizeWin.id == win_id))
    if pool_id is None:
        raise NotFound
    lock_pool(session, pool_id)
    return session.get_one(PrizeWin, win_id, populate_existing=True)


def _refuse_other(context: Context) -> AppError | None:
    is_winner = context.actor is not None and context.row.person_id == context.actor.person_id
    return None if is_winner else NotFound()


def _refuse_stranger(context: Context) -> AppError | None:
    union_id = _pool(context).union_id
    return None if context.actor is not None and owns(context.actor, union_id) else Forbidden()


WINNER = Party("winner", _refuse_other)
OWNER = Party("owner", _refuse_stranger)
"""A reviewer of the union whose pool it is."""


def _was_accepted(context: Context) -> bool:
    return context.row.status is S.ACCEPTED


def _was_refused(context: Context) -> bool:
    return context.row.status is S.REFUSED


def _refuse_late_accepting(context: Context) -> AppError | None:
    if context.row.claim_until is None or context.now > context.row.claim_until:
        return Conflict("领奖期限已经过了，这份奖品已经留给候补的人。", code="claim_over")
    return None


def _accept(context: Context) -> StepData:
    """The winner gets the code for the hand-over."""
    context.row.code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    return StepData()


def _refuse_early_end(context: Context) -> AppError | None:
    if context.row.claim_until is None or context.now <= context.row.claim_until:
        return Conflict("领奖期限还没有到。", code="too_early")
    return None


def _refuse_own_revoking(context: Context) -> AppError | None:
    if context.actor is not None and context.actor.is_own(context.row.person_id):
        return Forbidden("这是您自己的奖品，请由别人处理。", code="own_win")
    return None


def _vacate(context: Context) -> StepData:
    """The prize goes back into the stock."""
    prize = context.session.get_one(Prize, context.row.prize_id)
    prize.remaining += 1
    context.row.ended_at, context.row.sole_holder_id = context.now, None
    return StepData()


def _revoke(context: Context) -> StepData:
    _vacate(context)
    return say_reason(context)


def _pass_on(context: Context, _step: Step) -> None:
    promote_next(context.session, _pool(context), context.row.way, cast(UUID, context.row.prize_id), now=context.now)


def promote_next(session: Session, pool: PrizePool, way: Way, prize_id: UUID, *, now: datetime) -> None:
    """Offer a free prize to the next runner-up. Without one it stays in the stock. The pool is held by the caller."""
    holders = find_holders(session, pool) if pool.one_each else set()
    waiting = select(PrizeWin).where(
        PrizeWin.pool_id == pool.id, PrizeWin.way == way, PrizeWin.status == WinStatus.RESERVE
    )
    for win in session.scalars(waiting.order_by(PrizeWin.place)).all():
        is_holder = win.person_id in holders
        context = WINS.context(session, win, actor=None, now=now, form=FreePrize(prize_id))
        perform_held(WINS, context, M.SKIP if is_holder else M.PROMOTE)
        if not is_holder:
            return


def find_holders(session: Session, pool: PrizePool) -> set[UUID]:
    """Who holds a prize of the pool: one human being holds it, in whichever row."""
    statement = select(PrizeWin.person_id).where(PrizeWin.pool_id == pool.id, PrizeWin.status.in_(HOLDING))
    holders = set(session.scalars(statement))
    return holders.union(*other_selves(session, holders).values())


def _promote(context: Context) -> StepData:
    prize_id: UUID = context.form.prize_id
    reserve_prize(context.row, context.session.get_one(Prize, prize_id), _pool(context), context.now)
    return StepData(data={"prize_id": str(prize_id)})


def reserve_prize(win: PrizeWin, prize: Prize, pool: PrizePool, now: datetime) -> None:
    """Take a prize out of the stock for a win, for as long as the pool says; the status is the caller's."""
    prize.remaining -= 1  # the database refuses to go below zero
    win.prize_id, win.offered_at = prize.id, now
    win.sole_holder_id = win.person_id if pool.one_each else None
    win.notice_until, win.claim_until = due_after(now, pool.notice_days), due_after(now, pool.claim_days)


def _skip(context: Context) -> StepData:
    context.row.ended_at = context.now
    return StepData()


def _was_handed_over(context: Context) -> bool:
    """The same again."""
    form, statement = context.form, select(PrizeHandover).where(PrizeHandover.win_id == context.row.id)
    known = context.session.scalar(statement)
    return known is not None and (known.proof, known.note, known.by_id) == (form.proof, form.note, context.actor_id)


def _refuse_handing_over(context: Context) -> AppError | None:
    win = context.row
    if context.actor is not None and context.actor.is_own(win.person_id):
        return Forbidden("这是您自己的奖品，请由别人发放。", code="own_win")
    if win.notice_until is None or context.now <= win.notice_until:
        return Conflict("公示期还没有结束，不能发放。", code="too_early")
    return None


def _check_code(context: Context) -> AppError | None:
    form = context.form
    if form.proof is Proof.CODE and not secrets.compare_digest(form.code.encode(), (context.row.code or "").encode()):
        return Invalid("领奖码不对，请让领奖人打开小程序核对。", code="wrong_code", fields={"code": "领奖码不对"})
    return None


def _hand_over(context: Context) -> StepData:
    context.row.ended_at, form = context.now, context.form
    context.session.add(
        PrizeHandover(
            id=ids.new_id(), win_id=context.row.id, proof=form.proof, note=form.note, by_id=context.actor_id,
            at=context.now,
        )
    )  # fmt: skip
    return StepData(data={"proof": form.proof})


def _tell_offered(context: Context, step: Step) -> None:
    deliver(context.session, messages.offered(context.session, context.row), now=step.at)


def _tell_expired(context: Context, step: Step) -> None:
    deliver(context.session, messages.expired(context.session, context.row), now=step.at)


def _tell_handed_over(context: Context, step: Step) -> None:
    deliver(context.session, messages.handed_over(context.session, context.row), now=step.at)


def _tell_revoked(context: Context, step: Step) -> None:
    deliver(context.session, messages.revoked(context.session, context.row, step.said.text), now=step.at)


def _pool(context: Context) -> PrizePool:
    return context.session.get_one(PrizePool, context.row.pool_id)


def _step_row(win: PrizeWin, step: Step) -> NewRow:
    return _STEPS, {
        "id": step.id,
        "pool_id": win.pool_id,
        "win_id": win.id,
        "move": step.move,
        "actor_id": step.actor_id,
        "at": step.at,
        "text": step.said.text,
        "data": dict(step.said.data),
    }


WINS: Workflow[PrizeWin] = Workflow(
    subject="prize_pool",
    prefix="prize",
    part_of=PartOf(attrgetter("pool_id"), "win_id"),
    statuses=WinStatus,
    lock=lock_win,
    step_row=_step_row,
    say_not_now=lambda _row: "这份奖品现在的状态不能这样做，请刷新后再看。",
    moves=(
        Move(name=M.AWARD, party=SYSTEM, before=(), after=S.RESERVE, label="评出获奖者", audit="评出获奖者"),
        Move(
            name=M.PROMOTE, party=SYSTEM, before=(S.RESERVE,), after=S.OFFERED, label="候补递补", audit="候补递补",
            effect=_promote, tell=_tell_offered,
        ),
        Move(
            name=M.SKIP, party=SYSTEM, before=(S.RESERVE,), after=S.SKIPPED, label="跳过（已得别的奖品）",
            audit="跳过已得奖的", effect=_skip,
        ),
        Move(
            name=M.ACCEPT, party=WINNER, before=(S.OFFERED,), after=S.ACCEPTED, label="确认领取", audit="确认领奖",
            is_made=_was_accepted, guard=_refuse_late_accepting, effect=_accept,
        ),
        Move(
            name=M.REFUSE, party=WINNER, before=(S.OFFERED, S.ACCEPTED), after=S.REFUSED, label="放弃",
            audit="放弃奖品", is_made=_was_refused, effect=_vacate, follow_up=_pass_on,
        ),
        Move(
            name=M.EXPIRE, party=SYSTEM, before=(S.OFFERED,), after=S.EXPIRED, label="过期", audit="奖品过期",
            guard=_refuse_early_end, effect=_vacate, follow_up=_pass_on, tell=_tell_expired,
        ),
        Move(
            name=M.HAND_OVER, party=OWNER, before=(S.ACCEPTED,), after=S.HANDED_OVER, label="登记发放",
            audit="发放奖品",
            asks="登记后不能撤销。领奖码或者签收都核对过了吗？",
            done="已登记发放。", is_made=_was_handed_over, guard=_refuse_handing_over,
            check=_check_code, effect=_hand_over, tell=_tell_handed_over,
        ),
        Move(
            name=M.REVOKE, party=OWNER, before=(S.OFFERED, S.ACCEPTED), after=S.REVOKED, label="取消资格",
            audit="取消获奖资格",
            asks="取消后由候补递补，不能恢复。确定取消吗？",
            done="已取消资格，候补已依次递补。", guard=_refuse_own_revoking, effect=_revoke,
            follow_up=_pass_on, tell=_tell_revoked,
        ),
    ),
)  # fmt: skip
