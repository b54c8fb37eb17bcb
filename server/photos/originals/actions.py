"""Writes of originals."""

from collections.abc import Collection
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.jobs.actions import enqueue
from server.photos.actions import ask_for_admission
from server.photos.formats import Picture
from server.photos.models import OriginalState, Photo, PhotoOriginal, PhotoState
from server.photos.originals.queries import AWAITED
from server.photos.pictures.keys import original_key

_TABLE = cast(Table, PhotoOriginal.__table__)


def find_own(session: Session, photo_id: UUID, owner_id: UUID, *, lock: bool = False) -> tuple[Photo, PhotoOriginal]:
    """A photo of one's own that is here as a copy, and what is known of its original. Raises NotFound, and what the
    wings above say when it is not to come any more."""
    statement = (
        select(Photo, PhotoOriginal)
        .join(PhotoOriginal, PhotoOriginal.photo_id == Photo.id)
        .where(Photo.id == photo_id, Photo.owner_id == owner_id, Photo.state != PhotoState.AWAITED)
        .execution_options(populate_existing=lock)
    )
    found = session.execute(statement.with_for_update(of=PhotoOriginal) if lock else statement).one_or_none()
    if found is None:
        raise NotFound
    ask_for_admission(session, found[0].submission_id, lock=False)
    return found[0], found[1]


def receive_original(
    session: Session, photo_id: UUID, owner_id: UUID, *, picture: Picture, object_id: UUID, now: datetime
) -> tuple[PhotoOriginal, bool]:
    """Note that an original is here, stored by the upload `object_id`. Whether this upload is the one that counts comes
    with it."""
    _, original = find_own(session, photo_id, owner_id, lock=True)
    if original.state not in AWAITED:
        return original, False
    original.state, original.object_id, original.received_at = OriginalState.RECEIVED, object_id, now
    original.media_type, original.width, original.height = picture.media_type, picture.width, picture.height
    session.flush()
    enqueue(session, "photos.check_original", photo_id=photo_id)
    return original, True


def want_originals(session: Session, photo_ids: Collection[UUID], now: datetime) -> int:
    """A union asks for originals that are still on the phone. Returns how many; asking twice changes nothing."""
    waiting = (_TABLE.c.photo_id.in_(photo_ids), _TABLE.c.state.in_(AWAITED), _TABLE.c.wanted_at.is_(None))
    asked = session.execute(update(_TABLE).where(*waiting).values(wanted_at=now).returning(_TABLE.c.photo_id)).all()
    return len(asked)


def forget_original(session: Session, photo_id: UUID) -> str | None:
    """It is not to be kept, nor waited for. Returns the key of its object, which the caller removes afterwards."""
    gone = session.execute(delete(_TABLE).where(_TABLE.c.photo_id == photo_id).returning(_TABLE.c.object_id))
    object_id = gone.scalar_one_or_none()
    return original_key(photo_id, object_id) if object_id else None
