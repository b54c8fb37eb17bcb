"""Reads of submissions for their reporters. A page and a detail each take a constant number of queries."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Row, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from server.core.errors import NotFound
from server.core.web import cursors
from server.photos.models import Photo, PhotoPurpose
from server.photos.pictures.links import photo_urls
from server.photos.queries import list_by_ids, list_photos
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.kinds.content import Content
from server.review.submissions.kinds.follow_up import FollowUp
from server.review.submissions.kinds.progress import progress_steps
from server.review.submissions.kinds.registry import read_content, read_follow_ups
from server.review.submissions.models import Kind, Status, Submission, SubmissionStep
from server.review.submissions.schemas import (
    CoordinatesOut,
    PhotoOut,
    StepFacts,
    SubmissionOut,
    SubmissionPage,
    SubmissionSummary,
    TimelineEntry,
)
from server.review.submissions.texts import HIDDEN_FROM_REPORTER, move_title, status_text, union_label
from server.review.submissions.workflow import WITHDRAWABLE
from server.unions.actor import Actor
from server.unions.campaigns.queries import CampaignFacts, campaign_facts
from server.unions.people.models import Receipt
from server.unions.tree.models import Union

AnyRow = Row[*tuple[Any, ...]]
Enterprise = aliased(Union, name="enterprise")
Routed = aliased(Union, name="routed")
Target = aliased(Submission, name="target")

_SUMMARY_COLUMNS = (
    Submission.id,
    Submission.number,
    Submission.kind,
    Submission.campaign_id,
    Submission.status,
    Submission.category,
    Submission.excerpt,
    Submission.place,
    Submission.grade,
    Submission.is_anonymous,
    Submission.kept_from_id,
    Submission.photos_expected,
    Submission.photos_received,
    Submission.cover_photo_id,
    Submission.created_at,
    Submission.updated_at,
    Enterprise.name.label("enterprise_name"),
)
_ABOUT = func.coalesce(Submission.enterprise_id, Submission.kept_from_id)  # the reporter knows about whom it is
_SUMMARIES = select(*_SUMMARY_COLUMNS).outerjoin(Enterprise, Enterprise.id == _ABOUT)
_DETAIL = (
    select(
        *_SUMMARY_COLUMNS,
        Submission.reporter_id,
        Submission.arrived_at,
        Submission.decided_at,
        Submission.due_at,
        Routed.name.label("union_name"),
        Target.id.label("target_id"),
        Target.reporter_id.label("target_reporter_id"),
    )
    .outerjoin(Enterprise, Enterprise.id == _ABOUT)
    .outerjoin(Routed, Routed.id == Submission.routed_union_id)
    .outerjoin(Target, Target.id == Submission.duplicate_of_id)
)
_STEPS = (
    select(
        SubmissionStep.id,
        SubmissionStep.move,
        SubmissionStep.at,
        SubmissionStep.actor_id,
        SubmissionStep.public_text,
        SubmissionStep.to_status,
        SubmissionStep.data,
        Union.name.label("union_name"),
    )
    .outerjoin(Union, Union.id == SubmissionStep.union_id)
    .order_by(SubmissionStep.id)
)


def list_own_submissions(session: Session, actor: Actor, after: str | None, limit: int) -> SubmissionPage:
    """The actor's submissions, newest first: by when they came, for the ids of anonymous ones tell no more than the
    day. Raises Invalid for a foreign cursor."""
    own = Submission.reporter_id == actor.person_id
    newest = (Submission.created_at.desc(), Submission.id.desc())
    statement = _SUMMARIES.where(own).order_by(*newest).limit(limit + 1)
    if after is not None:
        last = cursors.decode(after, datetime, UUID)
        statement = statement.where(tuple_(Submission.created_at, Submission.id) < last)
    rows: Sequence[AnyRow] = session.execute(statement).all()
    page = rows[:limit]
    covers = list_by_ids(session, {row.cover_photo_id for row in page if row.cover_photo_id is not None})
    follow_ups = _follow_ups_of(session, page)
    items = [
        SubmissionSummary(
            **_summary_values(
                row, campaign_facts(session, row.campaign_id), covers.get(row.cover_photo_id), follow_ups.get(row.id)
            )
        )
        for row in page
    ]
    return SubmissionPage(
        items=items, next=cursors.encode(page[-1].created_at, page[-1].id) if len(rows) > limit else None
    )


def get_own_submission(session: Session, submission_id: UUID, actor: Actor) -> SubmissionOut:
    """The actor's submission with all that its reporter may see. Raises NotFound for anybody else's."""
    row: AnyRow | None = session.execute(
        _DETAIL.where(Submission.id == submission_id, Submission.reporter_id == actor.person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    campaign = campaign_facts(session, row.campaign_id)
    content = read_content(session, row.kind, row.id)
    photos = list_photos(session, [row.id])[row.id]
    steps = session.execute(_STEPS.where(SubmissionStep.submission_id == row.id)).all()
    return _detail(row, campaign, content, photos, steps, _follow_ups_of(session, [row]).get(row.id))


def number_known_to(person_id: InstrumentedAttribute[UUID]) -> ColumnElement[str | None]:
    """The number of the submission in the statement, as far as a person may learn it: that of what was reported
    anonymously is for its reporter alone."""
    may_know = or_(Submission.is_anonymous.is_(False), Submission.reporter_id == person_id)
    return case((may_know, Submission.number))


def knows_submission(session: Session, submission_id: UUID, actor: Actor) -> bool:
    """Whether the actor has sent it before."""
    own = select(Submission.id).where(Submission.id == submission_id, Submission.reporter_id == actor.person_id)
    return session.scalar(own) is not None


def is_without_account(submission_id: UUID) -> Exists:
    """Whether whoever sent it has nothing but a receipt."""
    return exists().where(Submission.id == submission_id, Receipt.person_id == Submission.reporter_id)


def _follow_ups_of(session: Session, rows: Sequence[AnyRow]) -> dict[UUID, FollowUp]:
    """How the accepted ones among `rows` go on."""
    accepted: dict[Kind, list[UUID]] = {}
    for row in rows:
        if row.status is Status.ACCEPTED:
            accepted.setdefault(row.kind, []).append(row.id)
    return read_follow_ups(session, accepted)


def _summary_values(
    row: AnyRow, campaign: CampaignFacts, cover: Photo | None, follow_up: FollowUp | None
) -> Mapping[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "status": row.status,
        "status_text": follow_up.status_text if follow_up is not None else status_text(row.kind, row.status),
        "category": row.category,
        "category_name": campaign.category_name(row.category),
        "excerpt": row.excerpt,
        "place": row.place,
        "enterprise_name": row.enterprise_name,
        "grade": row.grade,
        "photos_expected": row.photos_expected,
        "photos_received": row.photos_received,
        "thumbnail_url": photo_urls(cover).thumbnail if cover is not None else None,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "needs_answer": row.status is Status.RETURNED or (follow_up is not None and follow_up.needs_answer),
        "is_done": follow_up is not None and follow_up.is_done,
        "is_anonymous": row.is_anonymous,
        "is_direct": row.kept_from_id is not None,
    }


def _detail(
    row: AnyRow,
    campaign: CampaignFacts,
    content: Content,
    photos: Sequence[Photo],
    steps: Sequence[AnyRow],
    follow_up: FollowUp | None,
) -> SubmissionOut:
    question = _last_text(steps, Status.RETURNED) if row.status is Status.RETURNED else None
    decided = row.status in (Status.ACCEPTED, Status.DECLINED, Status.DUPLICATE)
    reply = _last_text(steps, row.status) if decided else None
    grade_name = campaign.grades.get(row.grade) if row.grade is not None else None
    facts = StepFacts(
        kind=row.kind,
        status=row.status,
        created_at=row.created_at,
        arrived_at=row.arrived_at,
        decided_at=row.decided_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        photos_expected=row.photos_expected,
        photos_received=row.photos_received,
        union_name=row.union_name,
        question=question,
        reply=reply,
        grade_name=grade_name,
    )
    cover = next((photo for photo in photos if photo.id == row.cover_photo_id), None)
    return SubmissionOut(
        **_summary_values(row, campaign, cover, follow_up),
        handler_name=union_label(row.union_name),
        description=content.description,
        coordinates=CoordinatesOut.model_validate(content.coordinates) if content.coordinates else None,
        location_code=content.location.code if content.location else None,
        photos=[photo_out(photo) for photo in photos if photo.purpose in REPORT_PURPOSES],
        question=question,
        reply=reply,
        due_at=row.due_at if row.status is Status.QUEUED else None,
        duplicate_of=row.target_id if row.target_reporter_id == row.reporter_id else None,
        joined_id=row.target_id if row.target_reporter_id != row.reporter_id else None,
        timeline=_timeline(row, steps, follow_up),
        steps=[*progress_steps(facts), *(follow_up.progress_steps if follow_up is not None else ())],
        can_withdraw=row.status in WITHDRAWABLE,
    )


def _timeline(row: AnyRow, steps: Sequence[AnyRow], follow_up: FollowUp | None) -> list[TimelineEntry]:
    own = [_timeline_entry(step, row.kind, row.reporter_id) for step in steps if step.move not in HIDDEN_FROM_REPORTER]
    return sorted([*own, *(follow_up.timeline if follow_up is not None else ())], key=lambda entry: entry.at)


def photo_out(photo: Photo) -> PhotoOut:
    """A photo of one's own with its links."""
    urls = photo_urls(photo)
    return PhotoOut(
        id=photo.id,
        position=photo.position,
        sha256=photo.sha256,
        state=photo.state.value,
        thumbnail_url=urls.thumbnail,
        display_url=urls.display,
        video_url=urls.video,
        kind="video" if photo.is_video else "photo",
        seconds=photo.seconds,
        from_answer=photo.purpose is PhotoPurpose.ANSWER,
    )


def _timeline_entry(step: AnyRow, kind: Kind, reporter_id: UUID) -> TimelineEntry:
    by = union_label(step.union_name) if step.union_name else "我" if step.actor_id == reporter_id else None
    return TimelineEntry(at=step.at, kind=step.move, title=move_title(kind, step.move), text=step.public_text, by=by)


def _last_text(steps: Sequence[AnyRow], status: Status) -> str | None:
    """What was said with the step that led to the status."""
    return next((step.public_text for step in reversed(steps) if _leads_to(step, status)), None)


def _leads_to(step: AnyRow, status: Status) -> bool:
    return step.to_status is status and step.move not in HIDDEN_FROM_REPORTER


def sent_by(
    submission_id: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
) -> Callable[[UUID], ColumnElement[bool]]:
    """Rows that belong, by `submission_id`, to what a person sent in: a condition for the person's id."""
    return lambda person_id: submission_id.in_(select(Submission.id).where(Submission.reporter_id == person_id))
