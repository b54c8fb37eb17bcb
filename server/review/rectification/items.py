"""The page of one rectification: before and after, what happened, and what the viewer can do now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.scope import area_of, union_names
from server.photos.keys import Variant
from server.photos.links import photo_url, photo_urls
from server.photos.models import Photo
from server.photos.queries import list_photos
from server.review.rectification.listing import RECTIFICATIONS, RectificationFilter
from server.review.rectification.models import RecheckWay, Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.move_labels import list_acts, waiting_for
from server.review.rectification.queries import latest_after, list_history
from server.review.rectification.rules import allowed_moves
from server.review.rectification.snapshots import read_snapshot
from server.review.rectification.texts import CHIPS, STATUS_TEXTS, WAY_TEXTS, move_title
from server.review.rectification.transitions import DUE
from server.review.rectification.views import FormState, ItemPage, PhotoView, StepView
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.campaign_facts import campaign_facts
from server.review.submissions.identity import may_see_traces, reporter_label, shown_moment
from server.review.submissions.kinds import read_content
from server.review.submissions.models import Submission
from server.review.submissions.texts import day_text
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person
from server.unions.roles import CONSOLE, Role


def describe_rectification(
    session: Session,
    rectification_id: UUID,
    actor: Actor,
    filters: RectificationFilter,
    now: datetime,
    form: FormState | None = None,
) -> ItemPage:
    """All of the page, in a fixed number of statements. Raises NotFound outside of the actor's scope."""
    row = session.scalar(
        select(Rectification).where(Rectification.id == rectification_id, in_scope(actor, Rectification, CONSOLE))
    )
    if row is None:
        raise NotFound
    submission = session.get_one(Submission, row.submission_id)
    snapshot = read_snapshot(session, row, submission.reporter_id)
    traces = may_see_traces(actor, submission)
    photos = list_photos(session, [submission.id])[submission.id]
    form = form or FormState()
    moves = allowed_moves(snapshot, actor, now)
    return ItemPage(
        **_facts(session, row, submission, actor),
        before=_views([photo for photo in photos if photo.purpose in REPORT_PURPOSES], "整改前", originals=traces),
        after=_views(latest_after(session, row.id, photos), "整改后", originals=True),
        history=_history(session, row, submission, actor, photos),
        acts=list_acts(row, moves, filters.to_query(), form),
        waiting=waiting_for(snapshot, actor, now),
        list_href=RECTIFICATIONS.href(filters.to_query()),
        form=form,
    )


def _facts(session: Session, row: Rectification, submission: Submission, actor: Actor) -> dict[str, Any]:
    campaign = campaign_facts(session, row.campaign_id)
    content = read_content(session, submission.kind, submission.id)
    names = union_names(session, {row.district_id, row.town_id, row.addressee_id, row.issuer_id})
    reporter = session.scalar(select(Person.name).where(Person.id == submission.reporter_id))
    by_reporter = row.closed_by_id == submission.reporter_id
    return {
        "id": row.id,
        "placed": row,
        "version": row.version,
        "status": row.status,
        "status_text": STATUS_TEXTS[row.status],
        "chip": CHIPS[row.status],
        "description": content.description or row.excerpt,
        "category_name": campaign.category_name(row.category),
        "grade": row.grade,
        "grade_name": campaign.grades.get(row.grade),
        "place": row.place,
        "area": area_of(names, row),
        "addressee_name": names[row.addressee_id][0],
        "issuer_name": names[row.issuer_id][0],
        "reporter": reporter_label(actor, submission, reporter),
        "is_anonymous": submission.is_anonymous,
        "number": submission.number or "",
        "measures": row.measures,
        "responsible": row.responsible,
        "due_at": row.due_at,
        "first_due_at": row.first_due_at,
        "is_due": row.status in DUE,
        "rest_days": row.rest_days,
        "asked_days": row.asked_days,
        "reopenings": row.reopenings,
        "closed_at": row.closed_at
        and (shown_moment(actor, submission, row.closed_at) if by_reporter else row.closed_at),
        "closed_day_only": by_reporter and not may_see_traces(actor, submission),
        "way_text": _way_text(row, by_reporter=by_reporter),
        "reopen_until": row.reopen_until,
        "submission_href": f"/console/submissions/{submission.id}",
    }


def _way_text(row: Rectification, *, by_reporter: bool) -> str | None:
    if row.recheck_way is None:
        return None
    return "报告人确认" if by_reporter else WAY_TEXTS[row.recheck_way]


def _views(photos: Sequence[Photo], label: str, *, originals: bool) -> list[PhotoView]:
    return [
        PhotoView(
            id=photo.id,
            label=f"{label} {number}/{len(photos)}",
            thumbnail_url=photo_urls(photo).thumbnail,
            display_url=photo_urls(photo).display,
            original_url=photo_url(photo, Variant.ORIGINAL) if originals else None,
        )
        for number, photo in enumerate(photos, 1)
    ]


# --- history ----------------------------------------------------------------------------------------------------------


def _history(
    session: Session, row: Rectification, submission: Submission, actor: Actor, photos: Sequence[Photo]
) -> list[StepView]:
    """The steps in order, as this viewer may know them."""
    steps = list_history(session, row.id)
    people = _people(session, {step.actor_id for step in steps if step.union_id is not None})
    unions = union_names(session, {step.union_id for step in steps})
    own = {held.union_id for held in actor.roles if held.role in CONSOLE}
    above = actor.holds_over(row, CONSOLE - {Role.ENTERPRISE_REVIEWER})
    reporter = reporter_label(actor, submission, None) if submission.is_anonymous else "报告人"
    views = [
        _step(step, submission, actor, photos, _by(step, submission, people, reporter), unions,
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
        photos=_views(shown, "照片", originals=traces or not by_reporter),
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
