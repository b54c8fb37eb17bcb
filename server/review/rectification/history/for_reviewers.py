"""What happened, for the console: who may read which note, and what would betray an anonymous reporter."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.scope import union_names
from server.photos.models import Photo, PhotoOriginal
from server.photos.originals.texts import edits_text, link_text
from server.photos.pictures.keys import Variant
from server.photos.pictures.links import photo_url, photo_urls
from server.review.rectification.models import RecheckWay, Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.schemas import PhotoView, StepView
from server.review.rectification.texts import WAY_TEXTS, move_title
from server.review.submissions.anonymity.identity import ANONYMOUS, may_see_traces, shown_moment
from server.review.submissions.models import Submission
from server.review.submissions.texts import day_text
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.roles import CONSOLE, Role


def photo_views(photos: Sequence[Photo], label: str, originals: Mapping[UUID, PhotoOriginal] | None) -> list[PhotoView]:
    """Photos in their order, each with its links. `originals`: what is known of them, by photo; None: the whole
    pictures are not for this viewer, or not for this page."""
    return [
        PhotoView(
            id=photo.id,
            label=f"{label} {number}/{len(photos)}",
            thumbnail_url=photo_urls(photo).thumbnail,
            display_url=photo_urls(photo).display,
            video_url=photo_urls(photo).video,
            original_url=photo_url(photo, Variant.ORIGINAL) if originals is not None else None,
            link_text=link_text(photo, originals.get(photo.id)) if originals is not None else "",
            edits_text=edits_text(photo),
        )
        for number, photo in enumerate(photos, 1)
    ]


def list_history(
    session: Session,
    row: Rectification,
    submission: Submission,
    actor: Actor,
    photos: Sequence[Photo],
    originals: Mapping[UUID, PhotoOriginal],
) -> list[StepView]:
    """The steps in order, as this viewer may know them."""
    steps = session.scalars(
        select(RectificationStep).where(RectificationStep.rectification_id == row.id).order_by(RectificationStep.id)
    ).all()
    people = _people(session, {step.actor_id for step in steps if step.union_id is not None})
    unions = union_names(session, {step.union_id for step in steps})
    own = {role_at.union_id for role_at in actor.roles if role_at.role in CONSOLE}
    above = actor.holds_over(row, CONSOLE - {Role.ENTERPRISE_REVIEWER})
    reporter = ANONYMOUS if submission.is_anonymous else "报告人"
    views = [
        _step(step, submission, actor, photos, originals, _by(step, submission, people, reporter), unions,
              shows_note=above or step.union_id in own)
        for step in steps
    ]  # fmt: skip
    return [view for view in views if view.move is not Move.NOTE or view.note or view.by == reporter]


def _people(session: Session, person_ids: set[UUID | None]) -> dict[UUID, str | None]:
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids - {None})))
    return {row.id: row.name for row in rows}


def _by(
    step: RectificationStep, submission: Submission, people: Mapping[UUID, str | None], reporter: str
) -> str | None:
    if step.actor_id is None:
        return None
    if step.union_id is None and step.actor_id == submission.reporter_id:
        return reporter
    return people.get(step.actor_id)


def _step(
    step: RectificationStep,
    submission: Submission,
    actor: Actor,
    photos: Sequence[Photo],
    originals: Mapping[UUID, PhotoOriginal],
    by: str | None,
    unions: Mapping[UUID, tuple[str, str]],
    *,
    shows_note: bool,
) -> StepView:
    by_reporter = step.union_id is None and step.actor_id == submission.reporter_id
    traces = may_see_traces(actor, submission)
    batch = (step.data or {}).get("evidence_id")
    shown = [photo for photo in photos if batch is not None and str(photo.batch_id) == batch]
    return StepView(
        move=step.move,
        title=move_title(step.move, by_reporter=by_reporter),
        at=shown_moment(actor, submission, step.at) if by_reporter else step.at,
        day_only=by_reporter and not traces,
        by=by,
        union_name=unions[step.union_id][0] if step.union_id is not None else None,
        text=step.text,
        note=step.note if shows_note else None,
        detail=_detail(step),
        photos=photo_views(shown, "照片", originals if traces or not by_reporter else None),
    )


def _detail(step: RectificationStep) -> str | None:
    data = step.data or {}
    if step.move is Move.ASK_EXTENSION:
        return f"延期 {data['days']} 个工作日"
    if step.move is Move.CLOSE and not data.get("by_reporter"):
        return WAY_TEXTS[RecheckWay(data["way"])]
    if step.move in (Move.OPEN, Move.UPHOLD, Move.GRANT_EXTENSION, Move.SEND_BACK, Move.REOPEN):
        return f"期限 {day_text(datetime.fromisoformat(data['due_at']))}"
    return None
