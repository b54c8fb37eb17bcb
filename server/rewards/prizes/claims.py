"""Writes from the offer on: accepting, refusing, running out, taking back, handing over."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, Forbidden, Invalid
from server.rewards.prizes.actions import promote_next
from server.rewards.prizes.log import append_step, check_move, lock_win, tell
from server.rewards.prizes.models import PoolMove, Prize, PrizeHandover, PrizePool, PrizeWin, Proof, WinStatus
from server.rewards.prizes.schemas import HandoverIn
from server.unions.actor import Actor

CODE_DIGITS = 8


def accept_win(session: Session, win_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The winner wants it, and gets the code for the hand-over; again changes nothing. Raises NotFound, Conflict."""
    pool, win = lock_win(session, win_id)
    if win.person_id == actor.person_id and win.status is WinStatus.ACCEPTED:
        return
    edge = check_move(pool, win, PoolMove.ACCEPT, actor)
    if win.claim_until is None or now > win.claim_until:
        raise Conflict("领奖期限已经过了，这份奖品已经留给候补的人。", code="claim_over")
    win.status = edge.after
    win.code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
    append_step(session, pool.id, PoolMove.ACCEPT, actor_id=actor.person_id, now=now, win_id=win.id)


def refuse_win(session: Session, win_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The winner does not want it; again changes nothing. Raises NotFound, Conflict."""
    pool, win = lock_win(session, win_id)
    if win.person_id == actor.person_id and win.status is WinStatus.REFUSED:
        return
    after = check_move(pool, win, PoolMove.REFUSE, actor).after
    _vacate(session, pool, win, PoolMove.REFUSE, after, actor_id=actor.person_id, now=now)


def revoke_win(session: Session, win_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a win back, with the reason. Raises NotFound, Forbidden, Conflict."""
    pool, win = lock_win(session, win_id)
    after = check_move(pool, win, PoolMove.REVOKE, actor).after
    if actor.is_own(win.person_id):
        raise Forbidden("这是您自己的奖品，请由别人处理。", code="own_win")
    _vacate(session, pool, win, PoolMove.REVOKE, after, actor_id=actor.person_id, now=now, text=reason)


def expire_win(session: Session, win_id: UUID, *, now: datetime) -> bool:
    """End an offer whose time has run out; False if there is nothing to end."""
    pool, win = lock_win(session, win_id)
    if win.status is not WinStatus.OFFERED or win.claim_until is None or now <= win.claim_until:
        return False
    after = check_move(pool, win, PoolMove.EXPIRE, None).after
    _vacate(session, pool, win, PoolMove.EXPIRE, after, actor_id=None, now=now)
    return True


def list_run_out(session: Session, now: datetime, limit: int = 500) -> list[UUID]:
    """Offers whose time has run out."""
    statement = select(PrizeWin.id).where(PrizeWin.status == WinStatus.OFFERED, PrizeWin.claim_until < now)
    return list(session.scalars(statement.order_by(PrizeWin.claim_until, PrizeWin.id).limit(limit)))


def _vacate(
    session: Session,
    pool: PrizePool,
    win: PrizeWin,
    move: PoolMove,
    after: WinStatus,
    *,
    actor_id: UUID | None,
    now: datetime,
    text: str = "",
) -> None:
    """The prize goes back into the stock, and from there to the next runner-up."""
    prize = session.get_one(Prize, win.prize_id)
    win.status, win.ended_at, win.sole_holder_id = after, now, None
    prize.remaining += 1
    session.flush()
    append_step(session, pool.id, move, actor_id=actor_id, now=now, win_id=win.id, text=text)
    if move is not PoolMove.REFUSE:
        tell(session, f"prize.{win.status}", pool, win, prize, now, text=text)
    promote_next(session, pool, win.way, prize.id, now=now)


def hand_over(session: Session, win_id: UUID, form: HandoverIn, *, actor: Actor, now: datetime) -> None:
    """Record that the winner got the prize; the same again changes nothing. Raises NotFound, Forbidden, Conflict
    (not accepted, 公示 still on), Invalid (wrong code)."""
    pool, win = lock_win(session, win_id)
    known = session.scalar(select(PrizeHandover).where(PrizeHandover.win_id == win.id))
    if known is not None and (known.proof, known.note, known.by_id) == (form.proof, form.note, actor.person_id):
        return
    edge = check_move(pool, win, PoolMove.HAND_OVER, actor)
    if actor.is_own(win.person_id):
        raise Forbidden("这是您自己的奖品，请由别人发放。", code="own_win")
    if win.notice_until is None or now <= win.notice_until:
        raise Conflict("公示期还没有结束，不能发放。", code="too_early")
    if form.proof is Proof.CODE and not secrets.compare_digest(form.code.encode(), (win.code or "").encode()):
        raise Invalid("领奖码不对，请让领奖人打开小程序核对。", code="wrong_code", fields={"code": "领奖码不对"})
    win.status, win.ended_at = edge.after, now
    session.add(
        PrizeHandover(
            id=ids.new_id(), win_id=win.id, proof=form.proof, note=form.note, by_id=actor.person_id, at=now
        )
    )  # fmt: skip
    data = {"proof": form.proof}
    append_step(session, pool.id, PoolMove.HAND_OVER, actor_id=actor.person_id, now=now, win_id=win.id, data=data)
    tell(session, "prize.handed_over", pool, win, session.get_one(Prize, win.prize_id), now)
