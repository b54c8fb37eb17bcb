"""Who won a prize, by draw or by ranking, is seen by everybody, who may complain."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import NotFound
from server.kit.published import Published, above_enterprises
from server.rewards.prizes.models import PrizePool, PrizeWin
from server.rewards.prizes.pools.log import lock_pool
from server.rewards.prizes.workflow import HOLDING
from server.unions.actor import Actor


def may_complain(pool: PrizePool) -> bool:
    """Whether there are names to be seen."""
    return pool.names_hidden_at is None and (pool.drawn_at is not None or pool.ranked_at is not None)


def _answering_union(session: Session, pool_id: UUID, _actor: Actor) -> UUID:
    pool = session.get(PrizePool, pool_id)
    if pool is None or not may_complain(pool):
        raise NotFound
    return above_enterprises(session, pool.union_id)


def _names(session: Session, pool_ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(PrizePool.id, PrizePool.name).where(PrizePool.id.in_(pool_ids)))
    return {row.id: row.name for row in rows}


def _owners(session: Session, pool_id: UUID) -> Collection[UUID]:
    """Who has won."""
    return set(
        session.scalars(select(PrizeWin.person_id).where(PrizeWin.pool_id == pool_id, PrizeWin.status.in_(HOLDING)))
    )


def _take_down(session: Session, pool_id: UUID, reason: str, actor: Actor, now: datetime) -> None:
    """The names: places and prizes stay to be checked, and nobody loses a prize by it."""
    pool = lock_pool(session, pool_id)
    if pool.names_hidden_at is not None:
        return
    pool.names_hidden_at = now
    session.flush()
    record(
        session, "prize.hide_names", subject_type="prize_pool", subject_id=pool.id, actor_id=actor.person_id, at=now,
        detail={"reason": reason},
    )  # fmt: skip


PUBLISHED = Published(
    subject="prize_pool",
    label="中奖名单",
    shown_at=("/api/v1/draws/{draw_id}",),
    path="/console/prizes",
    answering_union=_answering_union,
    names=_names,
    owners=_owners,
    take_down=_take_down,
)
