"""Photos that come after what they go with was declared: declared → uploaded → complete.

A row of the slice says what is meant and by whom. Its id, made by the client so that saying it twice says it once, is
the `batch_id` of its photos; when the last of them is here, what was declared happens (`complete`).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.core.db import settings_of
from server.core.errors import Conflict, Invalid
from server.core.events import subscribe
from server.core.web.schemas import Out
from server.photos.actions import check_manifest, declare_photos, discard_batches
from server.photos.events import PhotoReceived, PhotosCompleted
from server.photos.models import Photo, PhotoPurpose, PhotoState
from server.photos.queries import next_position
from server.photos.schemas import PhotoDeclared

REUSED = "这张照片以前传过，请拍一张现在的"


class AttachmentColumns:
    """What is declared with photos to come. Mix it into a model, which adds what it goes with."""

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client
    content_hash: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]  # when its last photo arrived


A = TypeVar("A", bound=AttachmentColumns)


def _admit_any(_session: Session, _row: Any) -> None:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachments(Generic[A]):
    """One kind of declaration. Its hooks run while the submission of the photos is locked.

    `complete` is called once per row, by which time `completed_at` is flushed; `admit` raises AppError for a photo that
    nobody needs any more. `differs` is said when an id comes again with other content.
    """

    model: type[A]
    differs: str
    complete: Callable[[Session, A, datetime], None]
    admit: Callable[[Session, A], None] = _admit_any

    def on_photo_received(self, session: Session, event: PhotoReceived) -> None:
        """Refuse what comes too late."""
        row = self._find_open(session, event.batch_id)
        if row is not None:
            self.admit(session, row)

    def on_photos_completed(self, session: Session, event: PhotosCompleted) -> None:
        """Let happen what waited for its photos."""
        row = self._find_open(session, event.batch_id)
        if row is not None:
            self.finish(session, row, event.at)

    def finish(self, session: Session, row: A, now: datetime) -> None:
        """Everything is here."""
        row.completed_at = now
        session.flush()
        self.complete(session, row, now)

    def _find_open(self, session: Session, batch_id: UUID | None) -> A | None:
        """The photos of a report itself, the many, have no batch and cost nothing here."""
        row = None if batch_id is None else session.get(self.model, batch_id)
        return row if row is not None and row.completed_at is None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The photos to come, in their order: to which submission, by whom, what for.

    `of_day`: their ids are to tell no more of the time than that day, for reports by nobody.
    """

    photos: Sequence[PhotoDeclared]
    submission_id: UUID
    owner_id: UUID
    purpose: PhotoPurpose
    of_day: datetime | None = None

    def check_sizes(self, session: Session) -> None:
        """Raises TooLarge before anything is sent in vain."""
        check_manifest(self.photos, settings_of(session))


class AttachmentOut(Out):
    """What was declared: where each photo goes (`position` of the upload), which are already here."""

    id: UUID
    positions: list[int]
    received: list[bool]
    complete: bool


def is_declared(session: Session, kind: Attachments[A], row_id: UUID, **same: Any) -> bool:
    """Whether that id was declared before. Raises Conflict `content_differs` if one of the columns `same` differs."""
    known = session.get(kind.model, row_id)
    if known is None:
        return False
    if any(getattr(known, column) != value for column, value in same.items()):
        raise Conflict(kind.differs, code="content_differs")
    return True


def list_unfinished(session: Session, kind: Attachments[A], *those: ColumnElement[bool]) -> Sequence[A]:
    """What was promised before and never sent in full."""
    return session.scalars(select(kind.model).where(kind.model.completed_at.is_(None), *those)).all()


def drop_unfinished(
    session: Session, submission_id: UUID, rows: Collection[AttachmentColumns], *, keep_arrived: bool = False
) -> int:
    """Expect them no more: the phone that promised them may be gone. Returns how many photos went with them.
    `keep_arrived`: those of their photos that are here stay."""
    gone = discard_batches(session, submission_id, [each.id for each in rows], awaited_only=keep_arrived)
    for each in rows:
        session.delete(each)
    return gone


def refuse_reused(session: Session, manifest: Manifest) -> None:
    """Raises Invalid: an old photo shows nothing new, and would be taken for the old one when it comes."""
    known = set(session.scalars(select(Photo.sha256).where(Photo.submission_id == manifest.submission_id)))
    fields: dict[str, str] = {}
    for index, photo in enumerate(manifest.photos):
        if photo.sha256 in known:
            fields[f"photos.{index}.sha256"] = REUSED
        known.add(photo.sha256)
    if fields:
        raise Invalid(f"{REUSED}。", code="photo_reused", fields=fields)


def declare(
    session: Session, kind: Attachments[A], row: A, manifest: Manifest, *, now: datetime, most: int | None = None
) -> None:
    """Expect the photos behind those that are there; without photos it is complete. The submission is locked.

    Raises Invalid where the submission would have more than `most` photos.
    """
    first = next_position(session, manifest.submission_id)
    if most is not None and first + len(manifest.photos) > most:
        raise Invalid("这条的照片太多了，请少传几张。", fields={"photos": f"一条最多 {most} 张照片"})
    session.add(row)
    session.flush()
    declare_photos(
        session, manifest.submission_id, manifest.owner_id, manifest.photos,
        batch_id=row.id, first_position=first, purpose=manifest.purpose, of_day=manifest.of_day,
    )  # fmt: skip
    if not manifest.photos:
        kind.finish(session, row, now)


def describe_attachment(session: Session, row: AttachmentColumns, submission_id: UUID) -> AttachmentOut:
    """What was declared and what of it is here."""
    photos = session.execute(
        select(Photo.position, Photo.state)
        .where(Photo.submission_id == submission_id, Photo.batch_id == row.id)
        .order_by(Photo.position)
    ).all()
    return AttachmentOut(
        id=row.id,
        positions=[photo.position for photo in photos],
        received=[photo.state is not PhotoState.AWAITED for photo in photos],
        complete=row.completed_at is not None,
    )


def listen(kind: Attachments[A]) -> None:
    """Hear of the photos of one kind: each is admitted, the last completes."""
    if kind.admit is not _admit_any:
        subscribe(PhotoReceived, kind.on_photo_received)
    subscribe(PhotosCompleted, kind.on_photos_completed)
