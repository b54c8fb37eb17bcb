"""How a pool is held, and how what happens to the whole of it is logged; its wins move by their workflow."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Forbidden, NotFound
from server.rewards.prizes.models import PoolMove, PrizePool, PrizeStep
from server.unions.actor import Actor
from server.unions.roles import REVIEWERS


def owns(actor: Actor, union_id: UUID) -> bool:
    """Whether the actor reviews at that union itself."""
    return any(role_at.union_id == union_id and role_at.role in REVIEWERS for role_at in actor.roles)


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


def append_step(
    session: Session,
    pool_id: UUID,
    move: PoolMove,
    *,
    actor_id: UUID | None,
    now: datetime,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write the step and its audit row. `data` holds plain JSON, no names."""
    session.flush()
    session.add(
        PrizeStep(
            id=ids.new_id(), pool_id=pool_id, move=move, actor_id=actor_id, at=now, text=text,
            data=data or {},
        )
    )  # fmt: skip
    session.flush()
    record(
        session, f"prize.{move}", subject_type="prize_pool", subject_id=pool_id, actor_id=actor_id, at=now, detail=data
    )
