"""Who has looked at the after-photos of what, as it was then: nothing is concluded on several at once without."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, exists, select
from sqlalchemy.orm import Session

from server.core.db import upsert
from server.core.errors import AppError, Conflict
from server.kit.selections import Picked
from server.review.rectification.models import RectificationLook

_TABLE = cast(Table, RectificationLook.__table__)
_INSERT = upsert(_TABLE).on_conflict_do_nothing()


def note_looks(session: Session, seen: Iterable[Picked], person_id: UUID, *, now: datetime) -> None:
    """The person sees these, as they are at those versions. Safe to repeat."""
    values = [
        {"rectification_id": row.id, "seen_by_id": person_id, "version": row.version, "at": now}
        for row in sorted(seen, key=lambda row: row.id)
    ]
    if values:
        session.execute(_INSERT, values)


def refuse_unseen(session: Session, rectification_id: UUID, version: int, person_id: UUID) -> AppError | None:
    """Why no conclusion can be drawn: the person has not seen it as it was at that version."""
    seen = exists().where(
        RectificationLook.rectification_id == rectification_id,
        RectificationLook.seen_by_id == person_id,
        RectificationLook.version == version,
    )
    if session.scalar(select(seen)):
        return None
    return Conflict("还没有看过它整改后的照片，请打开看过再下结论。", code="not_looked_at")
