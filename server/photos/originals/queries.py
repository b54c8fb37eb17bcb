"""Reads of originals."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from server.photos.models import OriginalState, Photo, PhotoOriginal, PhotoState

MOST = 100
AWAITED = (OriginalState.KEPT, OriginalState.DIFFERS)


def list_awaited(session: Session, owner_id: UUID) -> Sequence[Row[PhotoOriginal, UUID, str]]:
    """Originals of a person's photos that the service waits for, each with its submission and the hash of its copy;
    those that a union asked for first."""
    statement = (
        select(PhotoOriginal, Photo.submission_id, Photo.sha256)
        .join(Photo, Photo.id == PhotoOriginal.photo_id)
        .where(Photo.owner_id == owner_id, Photo.state != PhotoState.AWAITED, PhotoOriginal.state.in_(AWAITED))
        .order_by(PhotoOriginal.wanted_at.is_(None), PhotoOriginal.photo_id.desc())
        .limit(MOST)
    )
    return session.execute(statement).all()


def list_originals(session: Session, photo_ids: Collection[UUID]) -> dict[UUID, PhotoOriginal]:
    """What is known of the originals of those photos that are copies, by photo."""
    if not photo_ids:
        return {}
    statement = select(PhotoOriginal).where(PhotoOriginal.photo_id.in_(photo_ids))
    return {original.photo_id: original for original in session.scalars(statement)}


def is_to_be_compared(session: Session, photo_id: UUID) -> bool:
    """Whether an original is here that nobody has held against its copy yet."""
    here = (PhotoOriginal.photo_id == photo_id, PhotoOriginal.state == OriginalState.RECEIVED)
    return session.scalar(select(PhotoOriginal.photo_id).where(*here)) is not None
