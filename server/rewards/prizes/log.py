"""How a pool is locked, moved and logged: every write goes through here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.core.events import Event, publish
from server.rewards.prizes.models import PoolMove, Prize, PrizePool, PrizeStep, PrizeWin
from server.rewards.prizes.transitions import EDGES, Edge, Party
from server.unions.actor import Actor
from server.unions.roles import REVIEWERS


def owns(actor: Actor, union_id: UUID) -> bool:
    """Whether the actor reviews at that union itself."""
    return any(held.union_id == union_id and held.role in REVIEWERS for held in actor.roles)


def lock_pool(session: Session, pool_id: UUID) -> PrizePool:
    """The pool, held until the transaction ends: nobody else gives or takes its prizes meanwhile. Raises NotFound."""
    statement = select(PrizePool).where(PrizePool.id == pool_id).with_for_update()
    pool = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if pool is None:
        raise NotFound
    return pool


def lock_own_pool(session: Session, pool_id: UUID, actor: Actor) -> PrizePool:
    """The pool, held, for a reviewer of its union. Raises NotFound, Forbidden."""
    pool = lock_pool(session, pool_id)
    if not owns(actor, pool.union_id):
        raise Forbidden
    return pool


def lock_win(session: Session, win_id: UUID) -> tuple[PrizePool, PrizeWin]:
    """The win and its pool, held. Raises NotFound."""
    pool_id = session.scalar(select(PrizeWin.pool_id).where(PrizeWin.id == win_id))
    if pool_id is None:
        raise NotFound
    pool = lock_pool(session, pool_id)
    return pool, session.get_one(PrizeWin, win_id, populate_existing=True)


def check_move(pool: PrizePool, win: PrizeWin, move: PoolMove, actor: Actor | None) -> Edge:
    """The edge of a move that the whitelist allows now. Raises NotFound, Forbidden, Conflict. No actor: the system."""
    party = next(edge.party for (_, known), edge in EDGES.items() if known is move)
    if party is Party.WINNER and (actor is None or win.person_id != actor.person_id):
        raise NotFound
    if party is Party.OWNER and (actor is None or not owns(actor, pool.union_id)):
        raise Forbidden
    edge = EDGES.get((win.status, move))
    if edge is None:
        raise Conflict("这份奖品现在的状态不能这样做，请刷新后再看。", code="not_now")
    return edge


def append_step(
    session: Session,
    pool_id: UUID,
    move: PoolMove,
    *,
    actor_id: UUID | None,
    now: datetime,
    win_id: UUID | None = None,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write the step and its audit row. `data` holds plain JSON, no names."""
    session.flush()
    session.add(
        PrizeStep(
            id=ids.new_id(), pool_id=pool_id, win_id=win_id, move=move, actor_id=actor_id, at=now, text=text,
            data=data or {},
        )
    )  # fmt: skip
    session.flush()
    detail = {"win_id": str(win_id) if win_id else None, **(data or {})}
    record(
        session, f"prize.{move}", subject_type="prize_pool", subject_id=pool_id, actor_id=actor_id, at=now,
        detail=detail,
    )  # fmt: skip


def tell(session: Session, name: str, pool: PrizePool, win: PrizeWin, prize: Prize, now: datetime, **more: Any) -> None:
    """Publish an event about a win."""
    data = {
        "win_id": win.id,
        "person_id": win.person_id,
        "pool_name": pool.name,
        "contest_name": pool.contest_name,
        "prize_name": prize.name,
        "claim_until": win.claim_until.isoformat() if win.claim_until else None,
        **more,
    }
    publish(session, Event(name, win.id, now, None, data))
