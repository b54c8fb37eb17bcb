"""Writes of posters."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.db import upsert
from server.core.jobs.actions import enqueue
from server.unions.actor import Actor
from server.unions.posters.models import Poster
from server.unions.posters.queries import get_inviting_union


def ask_for_poster(session: Session, union_id: UUID, *, site: str, actor: Actor, now: datetime) -> None:
    """Have a poster drawn with the invite code of today. `site`: the address of this service."""
    union = get_inviting_union(session, union_id, actor)
    values: dict[str, Any] = {"invite_code": union.invite_code, "asked_at": now, "drawn_at": None, "by_wechat": None}
    row = upsert(Poster).values(union_id=union.id, **values)
    session.execute(row.on_conflict_do_update(index_elements=["union_id"], set_=values))
    enqueue(session, "posters.draw", union_id=union.id, site=site)
    record(session, "union.poster_asked", subject_type="union", subject_id=union.id, actor_id=actor.person_id, at=now)


def note_drawn(session: Session, union_id: UUID, invite_code: str, *, by_wechat: bool, now: datetime) -> None:
    """The picture lies in the object store; unless the code was renewed meanwhile."""
    session.execute(
        update(Poster)
        .where(Poster.union_id == union_id, Poster.invite_code == invite_code)
        .values(drawn_at=now, by_wechat=by_wechat)
    )
