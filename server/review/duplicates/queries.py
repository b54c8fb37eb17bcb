"""Reads of photos that were sent before with another submission, and of what reporters say is the same as another."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, union_all
from sqlalchemy.orm import Session, aliased

from server.core.clock import in_shanghai
from server.photos.models import Likeness, Photo, PhotoCopy
from server.review.duplicates.models import DuplicateClaim
from server.review.followers.actions import FOLLOWABLE
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Status, Submission

LIKENESS_TEXTS = {
    Likeness.SAME_FILE: "相同",
    Likeness.COPY: "相似（裁剪、缩放或转动过）",
    Likeness.MIRRORED: "相似（左右翻转）",
}


def may_be_claimed(session: Session, target_id: UUID, reporter_id: UUID) -> bool:
    """Whether a report may be said to be the same as that one: somebody else's, which is being dealt with."""
    target = session.execute(
        select(Submission.kind, Submission.status, Submission.reporter_id, Submission.kept_from_id).where(
            Submission.id == target_id
        )
    ).one_or_none()
    return (
        target is not None
        and target.status in FOLLOWABLE
        and kind_of(target.kind).is_followable
        and target.reporter_id != reporter_id
        and target.kept_from_id is None
    )


def list_claimed(session: Session, submission_id: UUID) -> set[UUID]:
    """What the reporter of this one, or those of others, said to be the same."""
    rows = session.execute(
        select(DuplicateClaim.submission_id, DuplicateClaim.target_id).where(
            or_(DuplicateClaim.submission_id == submission_id, DuplicateClaim.target_id == submission_id)
        )
    )
    return {each for row in rows for each in row} - {submission_id}


@dataclass(frozen=True, slots=True)
class PhotoMatch:
    """A photo of `submission_id` and the like one of another submission; `was_earlier`: the other came first.

    `is_anonymous`: one of the two was sent so, and nothing may tell whether the same person sent both.
    """

    submission_id: UUID
    photo_id: UUID
    other_submission_id: UUID
    other_photo_id: UUID
    likeness: Likeness
    is_same_person: bool
    was_earlier: bool
    other_received_at: datetime
    is_anonymous: bool


@dataclass(frozen=True, slots=True)
class ReuseFlag:
    """A photo that had been sent before with another submission, and that in words."""

    match: PhotoMatch
    text: str


Own, Other = aliased(Photo, name="own"), aliased(Photo, name="other_photo")
OwnSubmission, OtherSubmission = (
    aliased(Submission, name="own_submission"),
    aliased(Submission, name="other_submission"),
)


def list_photo_matches(session: Session, submission_ids: Collection[UUID]) -> dict[UUID, list[PhotoMatch]]:
    """The photos of these submissions that resemble those of others, the earliest first. Every id is a key.

    Others that were withdrawn do not count: taking something back and sending it again is no offence.
    """
    found: dict[UUID, list[PhotoMatch]] = {submission_id: [] for submission_id in submission_ids}
    if found:
        for row in session.execute(_matches(found)):
            found[row.submission_id].append(PhotoMatch(*row))
    return found


def _matches(submission_ids: Collection[UUID]) -> Any:
    """Each pair of alike photos stands in one row, so it is looked up from both ends."""
    ends = ((PhotoCopy.photo_id, PhotoCopy.other_id), (PhotoCopy.other_id, PhotoCopy.photo_id))
    parts = [
        select(
            Own.submission_id,
            Own.id.label("photo_id"),
            Other.submission_id.label("other_submission_id"),
            Other.id.label("other_photo_id"),
            PhotoCopy.likeness,
            (Own.owner_id == Other.owner_id).label("is_same_person"),
            (Other.received_at < Own.received_at).label("was_earlier"),
            Other.received_at.label("other_received_at"),
            (OwnSubmission.is_anonymous | OtherSubmission.is_anonymous).label("is_anonymous"),
        )
        .join(PhotoCopy, near == Own.id)
        .join(Other, Other.id == far)
        .join(OwnSubmission, OwnSubmission.id == Own.submission_id)
        .join(OtherSubmission, OtherSubmission.id == Other.submission_id)
        .where(
            Own.submission_id.in_(submission_ids),
            Other.submission_id != Own.submission_id,
            OtherSubmission.arrived_at.is_not(None),
            OtherSubmission.status != Status.WITHDRAWN,
        )
        for near, far in ends
    ]
    return union_all(*parts).order_by("other_received_at", "photo_id")


def list_reuse_flags(session: Session, submission_ids: Collection[UUID]) -> dict[UUID, list[ReuseFlag]]:
    """Photos of these submissions that had been sent before with another one. Every id is a key.

    For whoever gives awards: the words tell whether it was the same person, unless one of the two was anonymous.
    """
    matches = list_photo_matches(session, submission_ids)
    return {
        submission_id: [ReuseFlag(each, reuse_text(each)) for each in found if each.was_earlier]
        for submission_id, found in matches.items()
    }


def reuse_text(match: PhotoMatch) -> str:
    """这张照片 2025 年由别人用过（相同）."""
    who = "" if match.is_anonymous else "由本人" if match.is_same_person else "由别人"
    return f"这张照片 {in_shanghai(match.other_received_at).year} 年{who}用过（{LIKENESS_TEXTS[match.likeness]}）"
