"""A union above asks those who have to answer for what is overdue: once a day for each item."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, Forbidden, NotFound
from server.core.events import publish
from server.kit.selections import Decided, Picked, decide_each
from server.review.escalation.events import OverdueUrged
from server.review.escalation.models import Overdue
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import RANK


def urge(session: Session, rows: Sequence[Picked], text: str, *, actor: Actor, now: datetime) -> Decided:
    """Ask for each of them; what is refused is told with the reason. Each union hears once of all of its own."""
    asked: dict[tuple[UUID, UUID], list[UUID]] = {}

    def urge_one(row: Picked) -> None:
        overdue, by = _hold(session, row.id, actor, now)
        overdue.urged_at, overdue.urged_by_id = now, actor.person_id
        session.flush()
        record(
            session, f"{overdue.kind}.urge", subject_type=overdue.kind, subject_id=overdue.item_id,
            actor_id=actor.person_id, at=now, detail={"overdue": str(overdue.id), "union": str(overdue.responsible_id)},
        )  # fmt: skip
        asked.setdefault((overdue.responsible_id, by.union_id), []).append(overdue.id)

    decided = decide_each(session, rows, urge_one)
    for (union_id, by_union_id), overdue_ids in asked.items():
        publish(
            session,
            OverdueUrged(
                at=now, actor_id=actor.person_id, union_id=union_id, by_union_id=by_union_id,
                overdue_ids=tuple(overdue_ids), text=text,
            ),
        )  # fmt: skip
    return decided


def _hold(session: Session, overdue_id: UUID, actor: Actor, now: datetime) -> tuple[Overdue, RoleAt]:
    """The item, held, and the actor's role above the union that has to answer. Raises what stands in the way."""
    overdue = session.scalar(
        select(Overdue).where(Overdue.id == overdue_id).with_for_update().execution_options(populate_existing=True)
    )
    roles = actor.reviewing_over(overdue) if overdue is not None else ()
    if overdue is None or not roles:
        raise NotFound
    level: Level = session.scalars(select(Union.level).where(Union.id == overdue.responsible_id)).one()
    above = [role_at for role_at in roles if RANK[role_at.level] < RANK[level]]
    if not above:
        raise Forbidden("由本单位自己办理的，不用催。", code="own_overdue")
    if overdue.ended_at is not None:
        raise Conflict("已经办了，不用再催。", code="not_overdue")
    if overdue.urged_at is not None and day_of(overdue.urged_at) == day_of(now):
        raise Conflict("今天已经催过了。", code="urged_today")
    return overdue, max(above, key=lambda role_at: RANK[role_at.level])
