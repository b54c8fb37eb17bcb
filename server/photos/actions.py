"""Writes of photos."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import NotFound, TooLarge
from server.core.events import publish
from server.core.jobs.actions import enqueue
from server.core.new_rows import NewRow, insert_rows_in_one_statement
from server.core.prepared import Prepared
from server.core.settings import Settings
from server.photos.events import PhotoReceived, PhotosCompleted
from server.photos.formats import Picture
from server.photos.models import OriginalState, Photo, PhotoOriginal, PhotoPurpose, PhotoState
from server.photos.ports import ADMISSION
from server.photos.queries import list_declared
from server.photos.schemas import Edit, PhotoDeclared, ShotIn
from server.photos.upload.batch_progress import BatchProgress, batch_progress, choose
from server.photos.upload.refusals import MEGABYTE, SAFE, PhotoNotDeclared, too_large, video_too_large

_TABLE = cast(Table, Photo.__table__)
_ORIGINALS = cast(Table, PhotoOriginal.__table__)
_RECEIVE = Prepared(  # part of every upload
    update(_TABLE).where(_TABLE.c.id == bindparam("photo_id")),
    ["state", "received_at", "object_id", "media_type", "width", "height", "seconds"],
)


def check_manifest(manifest: Sequence[PhotoDeclared], settings: Settings) -> None:
    """Raises TooLarge if a declared photo or video is over its cap: better before it is sent than after."""
    for is_video, refusal in ((False, too_large), (True, video_too_large)):
        max_bytes = settings.video_max_bytes if is_video else settings.photo_max_bytes
        fields = {
            f"photos.{index}.size": f"超过 {max_bytes // MEGABYTE} MB"
            for index, photo in enumerate(manifest)
            if photo.is_video is is_video and _largest(photo) > max_bytes
        }
        if fields:
            refused = refusal(max_bytes)
            raise TooLarge(refused.message.removesuffix(SAFE), code=refused.code, fields=fields)


def _said_of(photo: PhotoDeclared) -> dict[str, Any]:
    """The columns that the phone alone can speak of, till the original is here and says so itself."""
    return {
        "is_blurred": Edit.BLUR in photo.edits,
        "is_marked": Edit.MARKS in photo.edits,
        "is_stamped": Edit.STAMP in photo.edits,
        **(photo.shot or ShotIn()).model_dump(),
    }


def _largest(photo: PhotoDeclared) -> int:
    return max(photo.size, photo.original.size if photo.original else 0)


def declare_photos(
    session: Session,
    submission_id: UUID,
    owner_id: UUID,
    manifest: Sequence[PhotoDeclared],
    *,
    batch_id: UUID | None = None,
    first_position: int = 0,
    purpose: PhotoPurpose = PhotoPurpose.REPORT,
    of_day: datetime | None = None,
) -> None:
    """Expect these photos, in this order, from `first_position` on."""
    _, rows = rows_of_photos(
        submission_id, owner_id, manifest,
        batch_id=batch_id, first_position=first_position, purpose=purpose, of_day=of_day,
    )  # fmt: skip
    insert_rows_in_one_statement(session, rows)


def rows_of_photos(
    submission_id: UUID,
    owner_id: UUID,
    manifest: Sequence[PhotoDeclared],
    *,
    batch_id: UUID | None = None,
    first_position: int = 0,
    purpose: PhotoPurpose = PhotoPurpose.REPORT,
    of_day: datetime | None = None,
) -> tuple[list[UUID], list[NewRow]]:
    """The ids of photos that are expected, and their rows, to be written with what they come with.

    `of_day`: their ids and links are to tell no more of the time than that day, for reports by nobody (links.py).
    """
    photo_ids = [ids.new_id() if of_day is None else ids.new_id_of_day(of_day) for _ in manifest]
    declared: list[NewRow] = [
        (
            _TABLE,
            {
                "id": photo_id,
                "submission_id": submission_id,
                "owner_id": owner_id,
                "batch_id": batch_id,
                "purpose": purpose,
                "position": position,
                "sha256": photo.sha256,
                "size": photo.size,
                "is_video": photo.is_video,
                "state": PhotoState.AWAITED,
                **_said_of(photo),
            },
        )
        for position, (photo_id, photo) in enumerate(zip(photo_ids, manifest, strict=True), first_position)
    ]
    originals: list[NewRow] = [
        (_ORIGINALS, {"photo_id": photo_id, "state": OriginalState.KEPT, **photo.original.model_dump()})
        for photo_id, photo in zip(photo_ids, manifest, strict=True)
        if photo.original is not None
    ]
    return photo_ids, declared + originals


def ask_for_admission(session: Session, submission_id: UUID, *, lock: bool) -> None:
    """Let the higher wings refuse (they raise AppError) a photo that is arriving."""
    for admit in ADMISSION.answers:
        admit(session, submission_id, lock=lock)


def receive_photo(
    session: Session,
    submission_id: UUID,
    owner_id: UUID,
    *,
    sha256: str,
    position: int,
    picture: Picture,
    object_id: UUID,
    now: datetime,
) -> tuple[BatchProgress, bool]:
    """Note that a declared photo is here, its original stored by the upload `object_id`.

    Returns where its batch stands, and whether this upload is the one that counts (not one that came twice).
    Raises NotFound if nothing of the owner's is declared there, PhotoNotDeclared if this photo is not. Two uploads to
    one submission wait for each other at the first lock, so exactly one of them sees a batch become complete.
    """
    ask_for_admission(session, submission_id, lock=True)
    photos = list_declared(session, submission_id, owner_id, lock=True)
    if not photos:
        raise NotFound
    photo = choose(photos, sha256, position)
    if photo is None:
        raise PhotoNotDeclared
    progress = batch_progress(photos, photo)
    if photo.state is not PhotoState.AWAITED:
        return progress, False
    _RECEIVE.execute(
        session.connection(),
        {
            "photo_id": photo.id,
            "state": PhotoState.RECEIVED,
            "received_at": now,
            "object_id": object_id,
            "media_type": picture.media_type,
            "width": picture.width,
            "height": picture.height,
            "seconds": picture.seconds,
        },
    )
    enqueue(session, "photos.make_derivatives", photo_id=photo.id)
    _tell(session, submission_id, owner_id, progress, now)
    return progress, True


def _tell(session: Session, submission_id: UUID, owner_id: UUID, progress: BatchProgress, now: datetime) -> None:
    batch_id = progress.batch_id
    publish(session, PhotoReceived(at=now, actor_id=owner_id, submission_id=submission_id, batch_id=batch_id))
    if progress.complete:
        publish(session, PhotosCompleted(at=now, actor_id=owner_id, submission_id=submission_id, batch_id=batch_id))


def discard_photos(session: Session, submission_ids: Collection[UUID]) -> int:
    """Forget the photos of submissions that are to go; jobs remove their objects. Returns how many photos."""
    return _discard(session, _TABLE.c.submission_id.in_(submission_ids)) if submission_ids else 0


def discard_batches(
    session: Session, submission_id: UUID, batch_ids: Collection[UUID], *, awaited_only: bool = False
) -> int:
    """Forget the photos of a submission's batches that nobody waits for any more, or those of them that are not here
    yet. Returns how many photos."""
    if not batch_ids:
        return 0
    those = and_(_TABLE.c.submission_id == submission_id, _TABLE.c.batch_id.in_(batch_ids))
    return _discard(session, and_(those, _TABLE.c.state == PhotoState.AWAITED) if awaited_only else those)


def _discard(session: Session, those: ColumnElement[bool]) -> int:
    gone = session.scalars(select(_TABLE.c.id).where(those).with_for_update()).all()
    session.execute(delete(_TABLE).where(_TABLE.c.id.in_(gone)))
    for photo_id in gone:
        enqueue(session, "photos.remove_objects", photo_id=photo_id)
    return len(gone)
