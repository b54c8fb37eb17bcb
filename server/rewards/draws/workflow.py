"""Which moves a draw allows in which state, who makes them, what they change.

A frozen draw can only go on: nobody calls it off because of who would win.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden, NotFound
from server.kit.draws.entering import check_same_value, refuse_same_person
from server.kit.workflow import Move, MoveContext, Party, Workflow, kept_in, say_reason
from server.rewards.draws.drawing import entrants, places
from server.rewards.draws.models import Draw, DrawMove, DrawStatus, DrawStep
from server.rewards.draws.public_value import entering as value
from server.rewards.prizes.pools.log import lock_pool, owns
from server.unions.actor import Actor

S, M = DrawStatus, DrawMove
Context = MoveContext[Draw]


def lock_draw(session: Session, draw_id: UUID, _actor: Actor | None) -> Draw:
    """The draw and its pool, held until the transaction ends: always the pool first. Raises NotFound."""
    pool_id = session.scalar(select(Draw.pool_id).where(Draw.id == draw_id))
    if pool_id is None:
        raise NotFound
    lock_pool(session, pool_id)
    return session.get_one(Draw, draw_id, populate_existing=True)


def _refuse_stranger(context: Context) -> AppError | None:
    is_owner = context.actor is not None and owns(context.actor, context.row.union_id)
    return None if is_owner else Forbidden()


def _refuse_stranger_to_the_clock(context: Context) -> AppError | None:
    return None if context.actor is None else _refuse_stranger(context)


OWNER = Party("owner", _refuse_stranger)
"""A reviewer of the union whose draw it is."""
CLOCK = Party("clock", _refuse_stranger_to_the_clock)
"""The system at the close; an owner may hurry it."""


def _refuse_late_cancelling(context: Context) -> AppError | None:
    draw, now = context.row, context.now
    if now >= draw.closes_at and day_of(now) < draw.fallback_on:
        return Conflict("竞赛已经结束，抽奖不能再取消。", code="too_late")
    return None


DRAWS: Workflow[Draw] = Workflow(
    subject="draw",
    statuses=DrawStatus,
    lock=lock_draw,
    step_row=kept_in(DrawStep, "draw_id"),
    say_not_now=lambda _row: "抽奖现在的状态不能这样做，请刷新后再看。",
    moves=(
        Move(
            name=M.COMMIT, party=OWNER, before=(), after=S.COMMITTED, label="公布抽奖", audit="公布抽奖",
            asks="公布后奖品、约定的数值、闯关的时间、关卡和规则都不能再改。确定公布吗？",
        ),
        Move(
            name=M.FREEZE, party=CLOCK, before=(S.COMMITTED,), after=S.FROZEN, label="名单定下", audit="定抽奖名单",
            asks="名单定下就公布，不能再改，抽奖也不能再取消。确定吗？",
            done="名单已定下并公布。", guard=entrants.refuse_freezing, effect=entrants.freeze,
        ),
        Move(
            name=M.ENTER_VALUE, party=OWNER, before=(S.FROZEN,), after=S.VALUED, label="录入公开数值",
            audit="录入公开数值", done="已录入，请另一位审核员对照公告核对。",
            guard=value.refuse_early_value, check=value.check_spelling, effect=value.enter,
        ),
        Move(
            name=M.DECLARE_MISSING, party=OWNER, before=(S.FROZEN,), label="声明第一个数值没有公布",
            audit="声明公开数值没有公布", asks="确定第一个数值到现在都没有公布吗？声明会公开，不能收回。",
            done="已声明。两位审核员都声明后改用备用数值。",
            guard=value.refuse_declaring, effect=value.declare,
        ),
        Move(
            name=M.REJECT_VALUE, party=OWNER, before=(S.VALUED,), after=S.FROZEN, label="退回公开数值",
            audit="退回公开数值", done="已退回，请重新录入。", effect=value.reject,
        ),
        Move(
            name=M.CONFIRM_VALUE, party=OWNER, before=(S.VALUED,), after=S.DRAWN, label="核对一致，开奖",
            audit="核对开奖",
            asks="开奖后不能重来。确定和公告一致吗？",
            done="已开奖，名单已公布，中奖的人会收到消息。",
            guard=refuse_same_person, check=check_same_value, effect=places.reveal,
            follow_up=places.give_places,
        ),
        Move(
            name=M.CANCEL, party=OWNER, before=(S.COMMITTED,), after=S.CANCELLED, label="取消", audit="取消抽奖",
            asks="取消后公开页会写明原因，这次抽奖不能恢复。确定取消吗？",
            done="已取消，公示页会写明原因。", guard=_refuse_late_cancelling, effect=say_reason,
        ),
    ),
)  # fmt: skip
