"""Reads of photos."""

from collections.abc import Collection
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import Table, and_, bindparam, func, select
from sqlalchemy.orm import Session

from server.core.db import read_ahead
from server.core.prepared import Prepared, PreparedIn
from server.photos.models import OriginalState, Photo, PhotoOriginal, PhotoState
from server.photos.upload.batch_progress import Declared


class Original(NamedTuple):
    """Where the bytes of a photo are and what they are."""

    object_id: UUID
    media_type: str


_ROWS = cast(Table, Photo.__table__).c
_READY = PreparedIn(lambda ids: select(_ROWS.id).where(_ROWS.id.in_(ids), _ROWS.state == PhotoState.READY))
_OF_SUBMISSIONS = select(Photo).order_by(Photo.submission_id, Photo.position)


def list_photos(session: Session, submission_ids: Collection[UUID]) -> dict[UUID, list[Photo]]:
    """The photos of each submission by position; every id asked for is a key."""
    found: dict[UUID, list[Photo]] = {submission_id: [] for submission_id in submission_ids}
    if found:
        for photo in session.scalars(_OF_SUBMISSIONS.where(Photo.submission_id.in_(found))):
            found[photo.submission_id].append(photo)
    return found


def list_by_ids(session: Session, photo_ids: Collection[UUID]) -> dict[UUID, Photo]:
    """Those of the photos that exist, by id: the covers of a page of submissions in one query."""
    if not photo_ids:
        return {}
    return {photo.id: photo for photo in session.scalars(select(Photo).where(Photo.id.in_(photo_ids)))}


def find_ready(session: Session, photo_ids: Collection[UUID]) -> list[UUID]:
    """Those of the photos that have a thumbnail and a display picture."""
    if not photo_ids:
        return []
    return [photo_id for (photo_id,) in _READY.execute(session.connection(), list(photo_ids))]


def next_position(session: Session, submission_id: UUID) -> int:
    """The position after a submission's last photo, 0 if it has none."""
    last = session.scalar(select(func.max(Photo.position)).where(Photo.submission_id == submission_id))
    return 0 if last is None else last + 1


# Part of every upload.
_OWN = (
    select(_ROWS.id, _ROWS.position, _ROWS.batch_id, _ROWS.sha256, _ROWS.size, _ROWS.state, _ROWS.is_video)
    .where(_ROWS.submission_id == bindparam("submission_id"), _ROWS.owner_id == bindparam("owner_id"))
    .order_by(_ROWS.position)
)
_DECLARED = Prepared(_OWN)
_DECLARED_LOCKED = Prepared(_OWN.with_for_update())


def list_declared(session: Session, submission_id: UUID, owner_id: UUID, *, lock: bool = False) -> list[Declared]:
    """A submission's photos that are its owner's, by position; none for others. `lock`: to the transaction's end."""
    asked = {"submission_id": submission_id, "owner_id": owner_id}
    rows = _DECLARED_LOCKED.execute(session.connection(), asked) if lock else read_ahead(session, _DECLARED, asked)
    return [Declared(*row) for row in rows]


def find_original(session: Session, photo_id: UUID) -> Original | None:
    """What hands out the best there is of a photo: its original if that has followed and fits, else what came first.
    None if neither is here."""
    fits = and_(PhotoOriginal.photo_id == Photo.id, PhotoOriginal.state == OriginalState.MATCHED)
    best = (
        func.coalesce(getattr(PhotoOriginal, name), getattr(Photo, name)).label(name)
        for name in ("object_id", "media_type")
    )
    source = select(*best).select_from(Photo).outerjoin(PhotoOriginal, fits)
    found = session.execute(source.where(Photo.id == photo_id)).one_or_none()
    return Original(*found) if found is not None and all(found) else None


def find_object_id(session: Session, photo_id: UUID) -> UUID | None:
    """The upload that brought a photo, None if none did."""
    return session.scalar(select(Photo.object_id).where(Photo.id == photo_id))
