"""Which photos ever received are copies of one another. For workers: they alone hold the prints, and NumPy; their
children look at pictures."""

from collections.abc import Iterator
from datetime import datetime
from typing import cast
from uuid import UUID

import structlog
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from server.core.db import Database, upsert
from server.core.storage.base import ObjectMissing, ObjectStore, path_or_bytes
from server.photos.copies.limited import Picture, Prints, compare_limited, look_limited
from server.photos.copies.prints import index_of
from server.photos.copies.spots import unpack
from server.photos.models import Likeness, Photo, PhotoCopy, PhotoPrint, PhotoState
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
    display = _display(store, photo_id)
    if display is None:
        return 0
    prints = look_limited(display)
    _keep_print(database, photo_id, prints.plain)
    skip = {photo_id, *(other_id for other_id, _, _ in same)}
    with database.reading() as session:
        alike = list(_alike(session, store, display, prints, skip))
    _note(database, photo_id, [*same, *alike], now)
    return len(same) + len(alike)


def _display(store: ObjectStore, photo_id: UUID) -> Picture | None:
    """The display picture, None if it is gone."""
    try:
        return path_or_bytes(store, derived_key(photo_id, Variant.DISPLAY))
    except ObjectMissing:
        log.warning("picture_missing", photo_id=str(photo_id))  # `suishoupai check` counts them all
        return None


def _same_files(session: Session, photo: Photo) -> list[Pair]:
    """Photos of the very same bytes, the oldest first."""
    rows = session.scalars(
        select(Photo.id)
        .where(Photo.sha256 == photo.sha256, Photo.id != photo.id, Photo.state != PhotoState.AWAITED)
        .order_by(Photo.received_at)
        .limit(SAME_FILES)
    )
    return [(other_id, Likeness.SAME_FILE, 0) for other_id in rows]


def _keep_print(database: Database, photo_id: UUID, sketches: bytes) -> None:
    row = {"photo_id": photo_id, "sketches": sketches}
    with database.transaction() as session:
        if session.scalar(select(Photo.id).where(Photo.id == photo_id)) is not None:
            session.execute(upsert(_PRINTS).on_conflict_do_nothing(), row)


def _alike(session: Session, store: ObjectStore, display: Picture, prints: Prints, skip: set[UUID]) -> Iterator[Pair]:
    index = index_of(session)
    for sketches, likeness in ((prints.plain, Likeness.COPY), (prints.mirrored, Likeness.MIRRORED)):
        found = [each.photo_id for each in index.find(unpack(sketches)) if each.photo_id not in skip]
        pictures = {other_id: _display(store, other_id) for other_id in _existing(session, found[:CANDIDATES])}
        others = {other_id: picture for other_id, picture in pictures.items() if picture is not None}
        if not others:
            continue
        fitting = compare_limited(display, list(others.values()), is_mirrored=likeness is Likeness.MIRRORED)
        for other_id, spots in zip(others, fitting, strict=True):
            if spots:
                skip.add(other_id)
                yield other_id, likeness, spots


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
            session.execute(upsert(_COPIES).on_conflict_do_nothing(), rows)
