"""Photos of candidates that had been sent before with something else: somebody looks at them before the list is out.

It is a check of the batch as it was computed: computed anew, it has to be looked at again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import AppError, Conflict, Forbidden
from server.oversight.awards.batches.entries import Context, lock_batch, owns
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardPhotoCheck, BatchStatus, EntryStatus
from server.photos.models import Photo
from server.photos.pictures.links import photo_urls
from server.review.duplicates.queries import ReuseFlag, list_reuse_flags
from server.review.submissions.models import Submission
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person
from server.unions.roles import REVIEWERS


@dataclass(frozen=True, slots=True)
class PhotoPair:
    """A candidate's photo and the earlier one; without links to it where it lies outside of the viewer's scope."""

    submission_id: UUID
    number: str
    words: str
    photo_url: str | None
    earlier_id: UUID | None
    earlier_number: str
    earlier_url: str | None


@dataclass(frozen=True, slots=True)
class PhotoCheck:
    """How many hazards of a batch have such photos, who looked at them, and when."""

    waiting: int
    checked_by: str | None = None
    at: datetime | None = None


def describe_check(session: Session, batch: AwardBatch) -> PhotoCheck:
    """Whether the photos of a batch were looked at."""
    count = len(_suspects(session, batch))
    done = (
        select(Person.name, AwardPhotoCheck.at)
        .join(Person, Person.id == AwardPhotoCheck.checked_by_id)
        .where(AwardPhotoCheck.batch_id == batch.id)
    )
    found = session.execute(done).one_or_none()
    return PhotoCheck(count) if found is None else PhotoCheck(count, found.name or "未填姓名", found.at)


def refuse_unseen_photos(context: Context) -> AppError | None:
    """While nobody has looked at photos that had been used before."""
    if not _suspects(context.session, context.row):
        return None
    if context.session.get(AwardPhotoCheck, context.row.id) is not None:
        return None
    return Conflict("名单里有照片以前用过，请先看过照片再公示。", code="photos_not_checked")


def list_pairs(session: Session, batch: AwardBatch, actor: Actor, now: datetime) -> list[PhotoPair]:
    """Every such photo beside the earlier one."""
    flags = [flag for found in list_reuse_flags(session, _suspects(session, batch)).values() for flag in found]
    photos = _photos(session, flags)
    own = {flag.match.submission_id for flag in flags}
    within = in_scope(actor, Submission, REVIEWERS)
    others = {flag.match.other_submission_id for flag in flags}
    statement = select(Submission.id, Submission.number).where(Submission.id.in_(own | others), within)
    numbers = {row.id: row.number or "" for row in session.execute(statement)}
    return [_pair(flag, photos, numbers, now) for flag in flags]


def confirm_photos(session: Session, batch_id: UUID, facts_hash: str, *, actor: Actor, now: datetime) -> None:
    """Put on record that the photos of the batch were looked at, as computed with that hash.

    Raises NotFound, Forbidden, Conflict.
    """
    batch = lock_batch(session, batch_id, actor)
    if not owns(actor, batch.union_id):
        raise Forbidden
    if batch.status not in (BatchStatus.COMPUTED, BatchStatus.SCORING):
        raise Conflict("这一批现在的状态不能这样做，请刷新后再看。", code="not_now")
    if batch.facts_hash != facts_hash:
        raise Conflict("名单刚刚重新计算过，请再看一遍照片。", code="computed_anew")
    session.execute(delete(AwardPhotoCheck).where(AwardPhotoCheck.batch_id == batch.id))
    session.add(AwardPhotoCheck(batch_id=batch.id, checked_by_id=actor.person_id, at=now))
    session.flush()
    record(
        session, "award.check_photos", subject_type="award_batch", subject_id=batch.id, actor_id=actor.person_id,
        at=now, detail={"facts_sha256": facts_hash},
    )  # fmt: skip


def _suspects(session: Session, batch: AwardBatch) -> Sequence[UUID]:
    """Hazards of candidates whose photos had been used before, as the batch was computed."""
    facts: dict[str, Any] = batch.facts or {}
    reused = [UUID(hazard["submission_id"]) for hazard in facts.get("hazards", ()) if hazard["reuse"]]
    if not reused:
        return ()
    candidates = select(AwardEntry.submission_id).where(
        AwardEntry.batch_id == batch.id,
        AwardEntry.submission_id.in_(reused),
        AwardEntry.status.in_((EntryStatus.LISTED, EntryStatus.RESERVE)),
    )
    return sorted({each for each in session.scalars(candidates) if each is not None})


def _photos(session: Session, flags: Iterable[ReuseFlag]) -> dict[UUID, Photo]:
    wanted = {photo_id for flag in flags for photo_id in (flag.match.photo_id, flag.match.other_photo_id)}
    return {photo.id: photo for photo in session.scalars(select(Photo).where(Photo.id.in_(wanted)))}


def _pair(flag: ReuseFlag, photos: dict[UUID, Photo], numbers: dict[UUID, str], now: datetime) -> PhotoPair:
    match = flag.match
    is_seen = match.other_submission_id in numbers
    return PhotoPair(
        match.submission_id,
        numbers.get(match.submission_id, ""),
        flag.text,
        photo_urls(photos[match.photo_id], now=now).display,
        match.other_submission_id if is_seen else None,
        numbers.get(match.other_submission_id, ""),
        photo_urls(photos[match.other_photo_id], now=now).display if is_seen else None,
    )
