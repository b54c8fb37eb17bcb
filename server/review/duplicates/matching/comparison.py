"""Two submissions side by side, with the photos of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Invalid, NotFound
from server.photos.models import Photo
from server.photos.pictures.links import photo_urls
from server.photos.queries import list_photos
from server.review.decisions.workflow import SUBMISSION_WORKFLOW, refusal_of
from server.review.duplicates.matching.candidates import (
    PHOTO_REASONS,
    flags_of,
    known_matches,
    reasons_of,
    resemblance_of,
)
from server.review.duplicates.queries import PhotoMatch
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.anonymity.identity import may_see_traces, shown_moment
from server.review.submissions.kinds.content import Content
from server.review.submissions.kinds.registry import ids_by_kind, read_contents
from server.review.submissions.models import Move, Status, Submission
from server.review.submissions.texts import status_text
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.roles import CONSOLE
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class PhotoSide:
    """A photo; `like` says which of the other side it resembles, as “照片相同：对面第 2 张”."""

    display_url: str | None
    thumbnail_url: str | None
    like: str | None


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two."""

    id: UUID
    href: str
    excerpt: str
    description: str
    status: Status
    status_text: str
    category_name: str
    place: str
    enterprise_name: str | None
    created_at: datetime
    day_only: bool
    photos: Sequence[PhotoSide]


@dataclass(frozen=True, slots=True)
class ComparePage:
    """`merge_action`: where to post `version` and `target_id` to merge the left one into the right; None if not now."""

    left: Side
    right: Side
    reasons: Sequence[str]
    flags: Sequence[str]
    merge_action: str | None
    version: int


def describe_comparison(
    session: Session, submission_id: UUID, other_id: UUID, actor: Actor, now: datetime
) -> ComparePage:
    """Both submissions as the actor may see them. Raises NotFound outside of the scope, Invalid for one and itself."""
    if submission_id == other_id:
        raise Invalid("请选择两条不同的内容来对照。")
    left, right = (_get(session, each, actor) for each in (submission_id, other_id))
    contents = read_contents(session, ids_by_kind([left, right]))
    known = known_matches(session, left, actor)
    matches = [match for match, other in known if other is not None and other.id == right.id]
    photos = {
        key: [photo for photo in found if photo.purpose in REPORT_PURPOSES]
        for key, found in list_photos(session, [left.id, right.id]).items()
    }
    like = _likenesses(matches, photos)
    return ComparePage(
        left=_side(session, left, actor, contents, photos[left.id], like),
        right=_side(session, right, actor, contents, photos[right.id], like),
        reasons=reasons_of(left, right, resemblance_of(left, right, contents), matches),
        flags=flags_of(left, right, actor, matches),
        merge_action=_merge_action(session, left, right, actor, now),
        version=left.version,
    )


def _likenesses(matches: Sequence[PhotoMatch], photos: Mapping[UUID, Sequence[Photo]]) -> dict[UUID, str]:
    """By photo, in words, which of the other side it resembles."""
    number = {photo.id: place for found in photos.values() for place, photo in enumerate(found, 1)}
    like: dict[UUID, str] = {}
    for match in matches:
        for one, its_like in ((match.photo_id, match.other_photo_id), (match.other_photo_id, match.photo_id)):
            if its_like in number:
                like.setdefault(one, f"{PHOTO_REASONS[match.likeness]}：另一条的第 {number[its_like]} 张")
    return like


def _merge_action(session: Session, left: Submission, right: Submission, actor: Actor, now: datetime) -> str | None:
    if left.kind is not right.kind or right.status in (Status.WITHDRAWN, Status.DUPLICATE):
        return None
    context = SUBMISSION_WORKFLOW.context(session, left, actor=actor, now=now)
    if refusal_of(context, Move.MARK_DUPLICATE) is not None:
        return None
    return f"/console/submissions/{left.id}/{Move.MARK_DUPLICATE.value}"


def _get(session: Session, submission_id: UUID, actor: Actor) -> Submission:
    submission = session.scalar(
        select(Submission).where(
            Submission.id == submission_id, Submission.arrived_at.is_not(None), in_scope(actor, Submission, CONSOLE)
        )
    )
    if submission is None:
        raise NotFound
    return submission


def _side(
    session: Session, submission: Submission, actor: Actor, contents: Mapping[UUID, Content],
    photos: Sequence[Photo], like: Mapping[UUID, str],
) -> Side:  # fmt: skip
    enterprise = session.get(Union, submission.enterprise_id) if submission.enterprise_id else None
    urls = [(photo, photo_urls(photo)) for photo in photos]
    return Side(
        id=submission.id,
        href=f"/console/submissions/{submission.id}",
        excerpt=submission.excerpt,
        description=contents.get(submission.id, Content()).description,
        status=submission.status,
        status_text=status_text(submission.kind, submission.status),
        category_name=campaign_facts(session, submission.campaign_id).category_name(submission.category),
        place=submission.place,
        enterprise_name=enterprise.name if enterprise is not None else None,
        created_at=shown_moment(actor, submission, submission.created_at),
        day_only=not may_see_traces(actor, submission),
        photos=[PhotoSide(each.display, each.thumbnail, like.get(photo.id)) for photo, each in urls],
    )
