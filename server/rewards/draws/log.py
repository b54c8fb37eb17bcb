"""How a draw is locked, moved and logged: every write goes through here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.rewards.draws.models import Draw, DrawMove, DrawStatus, DrawStep
from server.rewards.draws.transitions import EDGES, Edge, Party
from server.rewards.prizes.log import lock_pool, owns
from server.rewards.prizes.models import PrizePool
from server.unions.actor import Actor


def lock_draw(session: Session, draw_id: UUID) -> tuple[PrizePool, Draw]:
    """The draw and its pool, held until the transaction ends: always the pool first. Raises NotFound."""
    pool_id = session.scalar(select(Draw.pool_id).where(Draw.id == draw_id))
    if pool_id is None:
        raise NotFound
    pool = lock_pool(session, pool_id)
    return pool, session.get_one(Draw, draw_id, populate_existing=True)


def check_move(draw: Draw, move: DrawMove, actor: Actor | None) -> Edge:
    """The edge of a move that the whitelist allows now. Raises Forbidden, Conflict. No actor: the system."""
    party = next(edge.party for (_, known), edge in EDGES.items() if known is move)
    if actor is None and party is not Party.CLOCK:
        raise Forbidden
    if actor is not None and not owns(actor, draw.union_id):
        raise Forbidden
    edge = EDGES.get((draw.status, move))
    if edge is None:
        raise Conflict("抽奖现在的状态不能这样做，请刷新后再看。", code="not_now")
    if edge.party is Party.SECOND and actor is not None and actor.person_id == draw.entered_by_id:
        raise Forbidden("公开数值是您录入的，请由另一位审核员核对。", code="second_person_needed")
    return edge


def append_step(
    session: Session,
    draw: Draw,
    move: DrawMove,
    to: DrawStatus,
    *,
    actor_id: UUID | None,
    now: datetime,
    text: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    """Write the step and its audit row, and set the draw's state. `data` holds plain JSON: hashes, never the seed."""
    before, draw.status = draw.status, to
    session.flush()
    session.add(
        DrawStep(
            id=ids.new_id(),
            draw_id=draw.id,
            move=move,
            from_status=None if move is DrawMove.COMMIT else before,
            to_status=to,
            actor_id=actor_id,
            at=now,
            text=text,
            data=data or {},
        )
    )
    session.flush()
    detail = {"from": before, "to": to, **(data or {})}
    record(
        session, f"draw.{move}", subject_type="draw", subject_id=draw.id, actor_id=actor_id, at=now, detail=detail
    )  # fmt: skip
