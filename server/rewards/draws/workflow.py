"""Which moves a draw allows in which state, who makes them, what they change.

A frozen draw can only go on: nobody calls it off because of who would win.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.db import NewRow
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.kit.workflow import Move, MoveContext, Party, Step, StepData, Workflow
from server.rewards.contests import Entrant, check_doubts, check_settled, iter_finishers
from server.rewards.draws.algorithm import draw_positions, hash_entrant, hash_entrants, random_words, salt_of
from server.rewards.draws.models import Draw, DrawEntry, DrawMove, DrawPlace, DrawStatus, DrawStep
from server.rewards.draws.values import is_written_right
from server.rewards.prizes.actions import Place, award_places, award_ranking, list_prizes, spread
from server.rewards.prizes.log import lock_pool, owns
from server.rewards.prizes.models import PrizePool, PrizeWin, Way
from server.rewards.prizes.transitions import HOLDING
from server.unions.actor import Actor
from server.unions.people.selves import other_selves

S, M = DrawStatus, DrawMove
Context = MoveContext[Draw]
CHUNK = 2000  # rows per INSERT
_STEPS = cast(Table, DrawStep.__table__)


def day_of(moment: datetime) -> date:
    """The day in Shanghai."""
    return in_shanghai(moment).date()


def lock_draw(session: Session, draw_id: UUID, _actor: Actor | None) -> Draw:
    """The draw and its pool, held until the transaction ends: always the pool first. Raises NotFound."""
    pool_id = session.scalar(select(Draw.pool_id).where(Draw.id == draw_id))
    if pool_id is None:
        raise NotFound
    lock_pool(session, pool_id)
    return session.get_one(Draw, draw_id, populate_existing=True)


def uses_fallback(draw: Draw) -> bool:
    """Whether the fallback counts, and nothing else: the list was fixed too late for the first value, or two people
    declared in time that it had not come. Whoever sees both values has no choice left."""
    return draw.missing_at is not None or (draw.frozen_at is not None and day_of(draw.frozen_at) >= draw.due_on)


def value_form(draw: Draw) -> dict[str, Any] | None:
    """How the value that counts is written; None if the draw was promised before that was part of the promise."""
    written: dict[str, Any] | None = draw.terms.get("fallback_form" if uses_fallback(draw) else "public_value_form")
    return written


# --- who --------------------------------------------------------------------------------------------------------------


def _refuse_stranger(context: Context) -> AppError | None:
    is_owner = context.actor is not None and owns(context.actor, context.row.union_id)
    return None if is_owner else Forbidden()


def _refuse_stranger_to_the_clock(context: Context) -> AppError | None:
    return None if context.actor is None else _refuse_stranger(context)


OWNER = Party("owner", _refuse_stranger)
"""A reviewer of the union whose draw it is."""
CLOCK = Party("clock", _refuse_stranger_to_the_clock)
"""The system at the close; an owner may hurry it."""


# --- calling it off ---------------------------------------------------------------------------------------------------


def _refuse_late_cancelling(context: Context) -> AppError | None:
    draw, now = context.row, context.now
    if now >= draw.closes_at and day_of(now) < draw.fallback_on:
        return Conflict("竞赛已经结束，抽奖不能再取消。", code="too_late")
    return None


def _say_reason(context: Context) -> StepData:
    return StepData(context.form.reason)


# --- the list ---------------------------------------------------------------------------------------------------------


def _refuse_freezing(context: Context) -> AppError | None:
    draw, now = context.row, context.now
    if now < draw.closes_at:
        return Conflict("竞赛还没有结束，名单不能定下。", code="too_early")
    try:
        check_settled(context.session, draw.contest_id, now=now)
    except Conflict as refusal:
        return refusal
    if day_of(now) >= draw.fallback_on:
        return Conflict("约定的公开数值都已经公布，名单不能再定。请取消后重新公布抽奖。", code="too_late")
    return None


def _freeze(context: Context) -> StepData:
    """Where nobody may win twice, prizes by ranking are given first and their winners left out."""
    session, draw = context.session, context.row
    waiver = context.form.waiver if context.form is not None else ""
    excluded = _winners_by_ranking(session, draw.pool_id, waiver, context.now)
    rows = _entries(draw, {each.person_id: each for each in iter_finishers(session, draw.contest_id)}, excluded)
    waived = check_doubts(session, draw.contest_id, {row["person_id"] for row in rows}, waiver, now=context.now)
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(cast(Table, DrawEntry.__table__)), rows[start : start + CHUNK])
    draw.frozen_at, draw.entrants = context.now, len(rows)
    draw.entrants_hash = hash_entrants([row["hash"] for row in rows])
    data: dict[str, Any] = {"entrants": draw.entrants, "entrants_hash": draw.entrants_hash}
    if waived:
        data["waived"] = [str(person_id) for person_id in waived]
    return StepData(waiver if waived else "", data=data)


def _winners_by_ranking(session: Session, pool_id: UUID, waiver: str, now: datetime) -> set[UUID]:
    pool = session.get_one(PrizePool, pool_id)
    if not pool.one_each:
        return set()
    if pool.ranked_at is None and list_prizes(session, pool.id, Way.RANKING):
        award_ranking(session, pool.id, actor=None, now=now, waiver=waiver)
    holding = select(PrizeWin.person_id).where(PrizeWin.pool_id == pool.id, PrizeWin.status.in_(HOLDING))
    winners = set(session.scalars(holding))
    return winners.union(*other_selves(session, winners).values())


def _entries(draw: Draw, people: dict[UUID, Entrant], excluded: set[UUID]) -> list[dict[str, Any]]:
    """The list: in the order of the hashes, which tells nothing about people."""
    rows: list[dict[str, Any]] = []
    for person_id, entrant in people.items():
        if person_id not in excluded:
            salt = salt_of(draw.salt_key, person_id)
            known = {"draw_id": draw.id, "person_id": person_id, "label": entrant.label[:60], "salt": salt}
            rows.append({**known, "hash": hash_entrant(salt, person_id)})
    rows.sort(key=lambda row: str(row["hash"]))
    for position, row in enumerate(rows, 1):
        row["position"] = position
    return rows


# --- the public value -------------------------------------------------------------------------------------------------


def _refuse_declaring(context: Context) -> AppError | None:
    """Only until the fallback is out: later somebody could compare both."""
    draw, today = context.row, day_of(context.now)
    if uses_fallback(draw):
        return Conflict("已经改用备用数值。", code="declared_already")
    if today <= draw.due_on:
        return Conflict("公布那天还没有过完，再等等。", code="too_early")
    if today >= draw.fallback_on:
        return Conflict("备用数值已经公布，不能再改用它：只能用第一个数值。", code="too_late")
    if context.actor is not None and context.actor.is_own(draw.missing_said_by_id):
        return Forbidden("您已经声明过，请另一位审核员核实后也声明。", code="second_person_needed")
    return None


def _declare(context: Context) -> StepData:
    """The second person to say so lets the fallback count."""
    draw = context.row
    if draw.missing_said_by_id is None:
        draw.missing_said_by_id = _person(context)
    else:
        draw.missing_at = context.now
    return StepData(data={"by_both": draw.missing_at is not None})


def _refuse_early_value(context: Context) -> AppError | None:
    draw = context.row
    if day_of(context.now) < (draw.fallback_on if uses_fallback(draw) else draw.due_on):
        return Conflict("约定的日期还没有到，公开数值还没有公布。", code="too_early")
    return None


def _check_spelling(context: Context) -> AppError | None:
    written = value_form(context.row)
    if written is None or is_written_right(written, context.form.value):
        return None
    return Invalid(
        f"写法和约定的不一样。{written['name']}，如 {written['example']}。", code="value_misspelt",
        fields={"value": f"请写成这样：{written['example']}"},
    )  # fmt: skip


def _enter(context: Context) -> StepData:
    draw = context.row
    draw.value, draw.is_fallback, draw.entered_by_id = context.form.value, uses_fallback(draw), _person(context)
    if not draw.is_fallback:
        draw.missing_said_by_id = None  # here it is
    return StepData(data={"value": draw.value, "is_fallback": draw.is_fallback})


def _reject(context: Context) -> StepData:
    draw = context.row
    data = {"value": draw.value}
    draw.value, draw.is_fallback, draw.entered_by_id = None, False, None
    return StepData(context.form.reason, data=data)


def _refuse_same_person(context: Context) -> AppError | None:
    if context.actor is not None and context.actor.is_own(context.row.entered_by_id):
        return Forbidden("公开数值是您录入的，请由另一位审核员核对。", code="second_person_needed")
    return None


def _check_same_value(context: Context) -> AppError | None:
    if context.form.value == context.row.value:
        return None
    return Invalid("和录入的数值不一样，请对照公告再看。", code="values_differ", fields={"value": "和录入的不一样"})


# --- the places -------------------------------------------------------------------------------------------------------


def _reveal(context: Context) -> StepData:
    """The seed is no secret any more."""
    draw, pool = context.row, context.session.get_one(PrizePool, context.row.pool_id)
    places = len(_positions(context.session, draw, pool))
    draw.confirmed_by_id, draw.drawn_at, pool.drawn_at = _person(context), context.now, context.now
    return StepData(data={"seed": draw.seed, "places": places})


def _give_places(context: Context, step: Step) -> None:
    """The places follow from what is published, the prizes are offered."""
    session, draw = context.session, context.row
    pool = session.get_one(PrizePool, draw.pool_id)
    wanted = spread(list_prizes(session, pool.id, Way.DRAW))
    places = _places(session, draw, _positions(session, draw, pool), [*wanted, *[None] * pool.runners_up])
    award_places(session, pool, Way.DRAW, places, actor_id=step.actor_id, now=context.now)


def _positions(session: Session, draw: Draw, pool: PrizePool) -> list[int]:
    words = random_words(draw.seed, draw.value or "", draw.terms_hash, draw.entrants_hash or "")
    places = len(spread(list_prizes(session, pool.id, Way.DRAW))) + pool.runners_up
    return draw_positions(draw.entrants or 0, places, words)


def _places(session: Session, draw: Draw, positions: list[int], wanted: Sequence[UUID | None]) -> list[Place]:
    entries = select(DrawEntry.position, DrawEntry.person_id).where(DrawEntry.draw_id == draw.id)
    people: dict[int, UUID] = {}
    for start in range(0, len(positions), CHUNK):
        some = entries.where(DrawEntry.position.in_(positions[start : start + CHUNK]))
        people |= {row.position: row.person_id for row in session.execute(some)}
    names = {prize.id: prize.name for prize in list_prizes(session, draw.pool_id)}
    places = []
    for number, (position, prize_id) in enumerate(zip(positions, wanted, strict=False), 1):
        prize = names[prize_id] if prize_id is not None else None
        session.add(DrawPlace(draw_id=draw.id, place=number, position=position, prize=prize))
        places.append(Place(people[position], prize_id))
    session.flush()
    return places


def _person(context: Context) -> UUID | None:
    return context.actor.person_id if context.actor is not None else None


def _step_row(step: Step) -> NewRow:
    return _STEPS, {
        "id": step.id,
        "draw_id": step.row_id,
        "move": step.move,
        "from_status": step.before,
        "to_status": step.after,
        "actor_id": step.actor_id,
        "at": step.at,
        "text": step.said.text,
        "data": dict(step.said.data),
    }


DRAWS: Workflow[Draw] = Workflow(
    subject="draw",
    statuses=DrawStatus,
    lock=lock_draw,
    step_row=_step_row,
    not_now="抽奖现在的状态不能这样做，请刷新后再看。",
    moves=(
        Move(name=M.COMMIT, party=OWNER, before=(), after=S.COMMITTED, label="公布抽奖", audit="公布抽奖"),
        Move(
            name=M.FREEZE, party=CLOCK, before=(S.COMMITTED,), after=S.FROZEN, label="名单定下", audit="定抽奖名单",
            guard=_refuse_freezing, effect=_freeze,
        ),
        Move(
            name=M.ENTER_VALUE, party=OWNER, before=(S.FROZEN,), after=S.VALUED, label="录入公开数值",
            audit="录入公开数值", guard=_refuse_early_value, check=_check_spelling, effect=_enter,
        ),
        Move(
            name=M.DECLARE_MISSING, party=OWNER, before=(S.FROZEN,), label="声明第一个数值没有公布",
            audit="声明公开数值没有公布", guard=_refuse_declaring, effect=_declare,
        ),
        Move(
            name=M.REJECT_VALUE, party=OWNER, before=(S.VALUED,), after=S.FROZEN, label="退回公开数值",
            audit="退回公开数值", effect=_reject,
        ),
        Move(
            name=M.CONFIRM_VALUE, party=OWNER, before=(S.VALUED,), after=S.DRAWN, label="核对一致，开奖",
            audit="核对开奖", guard=_refuse_same_person, check=_check_same_value, effect=_reveal,
            follow_up=_give_places,
        ),
        Move(
            name=M.CANCEL, party=OWNER, before=(S.COMMITTED,), after=S.CANCELLED, label="取消", audit="取消抽奖",
            guard=_refuse_late_cancelling, effect=_say_reason,
        ),
    ),
)  # fmt: skip
