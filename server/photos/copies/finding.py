"""Which photos ever received are copies of one another. For workers: they alone hold the prints, and OpenCV."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import Insert, Table, select
from sqlalchemy.orm import Session

from server.core.db import Database, insert_or
from server.core.storage.base import ObjectMissing, ObjectStore
from server.photos.copies.comparing import View, compare
from server.photos.copies.fingerprints import grey_of, pack, read_grey, spots_of
from server.photos.copies.prints import index_of
from server.photos.models import Likeness, Photo, PhotoCopy, PhotoPrint, PhotoState
from server.photos.pictures.decoding import Pixels
from server.photos.pictures.keys import Variant, derived_key

log = structlog.get_logger(__name__)

CANDIDATES = 12  # of the likeliest that are looked at themselves, each way round
SAME_FILES = 50  # pairs noted of one file sent again and again
Pair = tuple[UUID, Likeness, int]  # the other photo, how it is like this one, spots that fit

_PRINTS, _COPIES = cast(Table, PhotoPrint.__table__), cast(Table, PhotoCopy.__table__)


def find_copies(database: Database, store: ObjectStore, photo_id: UUID, now: datetime) -> int:
    """Keep the print of a photo, then note every photo that is a copy of it. Returns how many. Safe to repeat.

    The print is committed before others are looked for: of two photos at work at the same moment, one sees the other.
    """
    with database.reading() as session:
        photo = session.scalar(select(Photo).where(Photo.id == photo_id, Photo.state == PhotoState.READY))
        if photo is None:
            return 0
        same = _same_files(session, photo)
    view = _view(store, photo_id)
    if view is None:
        return 0
    _keep_print(database, photo_id, view)
    skip = {photo_id, *(other_id for other_id, _, _ in same)}
    with database.reading() as session:
        alike = list(_alike(session, store, view, skip))
    _note(database, photo_id, [*same, *alike], now)
    return len(same) + len(alike)


def view_of(pixels: Pixels) -> View:
    """A picture as it is compared."""
    return View(grey_of(pixels))


def _view(store: ObjectStore, photo_id: UUID) -> View | None:
    """The display picture, None if it is gone. Nothing but grey if it cannot be read: such a photo has no spots."""
    try:
        stream = store.open(derived_key(photo_id, Variant.DISPLAY))
    except ObjectMissing:
        log.warning("picture_missing", photo_id=str(photo_id))  # `suishoupai check` counts them all
        return None
    with stream:
        return View(read_grey(stream.read()))


def _same_files(session: Session, photo: Photo) -> list[Pair]:
    """Photos of the very same bytes, the oldest first."""
    rows = session.scalars(
        select(Photo.id)
        .where(Photo.sha256 == photo.sha256, Photo.id != photo.id, Photo.state != PhotoState.AWAITED)
        .order_by(Photo.received_at)
        .limit(SAME_FILES)
    )
    return [(other_id, Likeness.SAME_FILE, 0) for other_id in rows]


def _keep_print(database: Database, photo_id: UUID, view: View) -> None:
    row = {"photo_id": photo_id, "sketches": pack(spots_of(view.strongest))}
    with database.transaction() as session:
        if session.scalar(select(Photo.id).where(Photo.id == photo_id)) is not None:
            session.execute(_insert_new(session, _PRINTS), row)


def _alike(session: Session, store: ObjectStore, view: View, skip: set[UUID]) -> Iterator[Pair]:
    index = index_of(session)
    for looked_at, likeness in ((view, Likeness.COPY), (view.mirrored(), Likeness.MIRRORED)):
        found = [each.photo_id for each in index.find(spots_of(looked_at.strongest)) if each.photo_id not in skip]
        for other_id in _existing(session, found[:CANDIDATES]):
            other = _view(store, other_id)
            if other is None:
                continue
            comparison = compare(looked_at, other)
            if comparison.is_copy:
                skip.add(other_id)
                yield other_id, likeness, comparison.spots


def _existing(session: Session, photo_ids: list[UUID]) -> list[UUID]:
    """Those that were not discarded since their prints were read."""
    ready = set(session.scalars(select(Photo.id).where(Photo.id.in_(photo_ids), Photo.state == PhotoState.READY)))
    return [photo_id for photo_id in photo_ids if photo_id in ready]


def _note(database: Database, photo_id: UUID, pairs: list[Pair], now: datetime) -> None:
    rows = []
    for other_id, likeness, spots in pairs:
        first, second = sorted((photo_id, other_id))
        rows.append({"photo_id": first, "other_id": second, "likeness": likeness, "spots": spots, "found_at": now})
    if rows:
        with database.transaction() as session:
            session.execute(_insert_new(session, _COPIES), rows)


def _insert_new(session: Session, target: Table) -> Insert:
    """An insert that leaves what is there already."""
    return cast(Insert, insert_or(session, target).on_conflict_do_nothing())
