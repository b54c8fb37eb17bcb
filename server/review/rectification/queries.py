"""Reads of rectifications: for the slices that build on them, for the reporter, and for the console's page of one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.core.errors import AppError, NotFound
from server.core.slice import RowsOf
from server.kit.documents.models import Document
from server.kit.documents.queries import list_documents
from server.kit.documents.texts import spell_number
from server.kit.listing import Request
from server.kit.neighbours import find_neighbours, find_position
from server.kit.scope import area_of, union_names
from server.kit.workflow import find_refusal, possible_moves
from server.photos.models import Photo
from server.photos.originals.queries import list_originals
from server.photos.queries import list_photos
from server.review.decisions.queries import list_templates
from server.review.rectification.history.for_reporter import list_steps, timeline_of
from server.review.rectification.history.for_reviewers import list_history, photo_views
from server.review.rectification.listing import RECTIFICATIONS, RectificationFilter, href, item_href
from server.review.rectification.models import Evidence, Rectification, RectificationRating, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.parties import REPORTER
from server.review.rectification.moves.recheck import confirming_move, disagreeing_move, has_confirmed
from server.review.rectification.papers.kinds import PAPERS
from server.review.rectification.schemas import (
    FORMS,
    AvailableMove,
    FormState,
    ItemPage,
    PaperView,
    PhotoView,
    RectificationOut,
)
from server.review.rectification.texts import CHIPS, MOVE_FORMS, SATISFACTION_TEXTS, STATUS_TEXTS, way_text
from server.review.rectification.workflow import DUE, RECTIFICATION_WORKFLOW, Context
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.anonymity.identity import may_see_traces, reporter_label, shown_moment
from server.review.submissions.kinds.registry import read_content
from server.review.submissions.models import Status as Submitted
from server.review.submissions.models import Submission
from server.review.submissions.queries import photo_out, sent_by
from server.review.submissions.texts import union_label
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.people.models import Person
from server.unions.roles import CONSOLE

ANSWERS = (Move.ACCEPT, Move.DISPUTE, Move.ASK_EXTENSION, Move.SUBMIT)
"""What the enterprise says."""
MERGED_SHOWN = 10  # reports whose pictures stand beside those of the one they were merged into


def find_rectification(session: Session, submission_id: UUID) -> Rectification | None:
    """The newest rectification of a submission, whatever its status; None if it never had one."""
    return session.scalar(
        select(Rectification)
        .where(Rectification.submission_id == submission_id)
        .order_by(Rectification.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def is_closed_for_good() -> ColumnElement[bool]:
    """Rechecked, and nobody can take that back by one key any more: what others may build on."""
    return (Rectification.status == Status.CLOSED) & Rectification.pending_step_id.is_(None)


def of_their_rectifications(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """What belongs to rectifications of what a person sent in."""
    theirs = sent_by(Rectification.submission_id)
    return lambda person_id: column.in_(select(Rectification.id).where(theirs(person_id)))


def of_what_they_moved(column: InstrumentedAttribute[UUID]) -> RowsOf:
    """What belongs to rectifications on which a person made a move: papers say who rechecked."""
    return lambda person_id: column.in_(
        select(RectificationStep.rectification_id).where(RectificationStep.actor_id == person_id)
    )


def is_late(row: Rectification, now: datetime) -> bool:
    """Whether its deadline runs and is over."""
    return row.status in DUE and row.due_at < now


def get_own_rectification(session: Session, submission_id: UUID, actor: Actor, now: datetime) -> RectificationOut:
    """How the actor's hazard is put right. Raises NotFound for anybody else's, and until there is a rectification."""
    submission = session.get(Submission, submission_id)
    if submission is None or submission.reporter_id != actor.person_id or submission.status is not Submitted.ACCEPTED:
        raise NotFound
    row = find_rectification(session, submission_id)
    if row is None:
        raise NotFound
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now)
    possible = {move.name for move in possible_moves(RECTIFICATION_WORKFLOW, context) if move.party is REPORTER}
    steps = list_steps(session, [row.id])
    photos = list_photos(session, [submission_id])[submission_id]
    rating = session.get(RectificationRating, row.id)
    return RectificationOut(
        id=row.id,
        status=row.status,
        status_text=STATUS_TEXTS[row.status],
        due_at=row.due_at,
        first_due_at=row.first_due_at,
        is_overdue=is_late(row, now),
        measures=row.measures,
        responsible=row.responsible,
        addressee_name=context.snapshot.addressee_name,
        answer=next((step.text for step in reversed(steps) if step.move in ANSWERS and step.text), None),
        before=[photo_out(photo) for photo in photos if photo.purpose in REPORT_PURPOSES],
        after=[photo_out(photo) for photo in latest_after(session, row.id, photos)],
        closed_at=row.closed_at,
        reopen_until=row.reopen_until,
        can_confirm=confirming_move(row) in possible and not has_confirmed(context),
        can_reopen=disagreeing_move(row) in possible,
        can_rate=row.status is Status.CLOSED,
        satisfaction=rating.satisfaction if rating is not None else None,
        timeline=timeline_of(steps),
    )


def latest_after(session: Session, rectification_id: UUID, photos: Sequence[Photo]) -> list[Photo]:
    """Of a submission's photos those that came with the enterprise's last word that it is done."""
    latest = latest_evidence(session, [rectification_id]).get(rectification_id)
    return [photo for photo in photos if latest is not None and photo.batch_id == latest]


def latest_evidence(session: Session, rectification_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The evidence with which each was last said to be done."""
    rows = session.execute(
        select(Evidence.rectification_id, Evidence.id)
        .where(
            Evidence.rectification_id.in_(rectification_ids),
            Evidence.move == Move.SUBMIT,
            Evidence.completed_at.is_not(None),
        )
        .order_by(Evidence.completed_at)
    )
    return {row.rectification_id: row.id for row in rows}


def find_paper(session: Session, rectification_id: UUID, document_id: UUID, actor: Actor) -> Document:
    """What was issued of a rectification of the actor's scope. Raises NotFound."""
    document = session.scalar(
        select(Document)
        .join(Rectification, Rectification.id == Document.owner_id)
        .where(
            Document.id == document_id,
            Document.kind.in_([each.kind.name for each in PAPERS.values()]),
            Rectification.id == rectification_id,
            in_scope(actor, Rectification, CONSOLE),
        )
    )
    if document is None:
        raise NotFound
    return document


def find_by_paper(session: Session, actor: Actor, text: str) -> str | None:
    """Where the rectification is of which the paper with that number was issued, if the actor may see it."""
    if (number := spell_number(text)) is None:
        return None
    found = session.scalars(
        select(Rectification.id)
        .join(Document, Document.owner_id == Rectification.id)
        .where(
            Document.number == number,
            Document.kind.in_([each.kind.name for each in PAPERS.values()]),
            in_scope(actor, Rectification, CONSOLE),
        )
        .limit(2)
    ).all()
    return href(found[0]) if len(found) == 1 else None


# --- the page of one --------------------------------------------------------------------------------------------------


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
    traces = may_see_traces(actor, submission)
    photos = list_photos(session, [submission.id])[submission.id]
    originals = list_originals(session, [photo.id for photo in photos])
    reported = [photo for photo in photos if photo.purpose in REPORT_PURPOSES]
    query, asked = filters.to_query(), Request(session, actor, filters, now)
    around = find_neighbours(RECTIFICATIONS, asked, row.id)
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now)
    return ItemPage(
        **_facts(session, row, submission, actor),
        before=[
            *photo_views(reported, "整改前", originals if traces else None),
            *_joint_photos(session, submission, actor),
        ],
        after=photo_views(latest_after(session, row.id, photos), "整改后", originals),
        history=list_history(session, row, submission, actor, photos, originals),
        moves=_available_moves(context, query),
        waiting=_waiting_for(context),
        papers=[
            PaperView(each, list_documents(session, each.kind, row.id), can_issue=each.refusal(context) is None)
            for each in PAPERS.values()
        ],
        list_href=RECTIFICATIONS.href(query),
        previous_href=item_href(around.before, query) if around.before else None,
        next_href=item_href(around.after, query) if around.after else None,
        position=find_position(RECTIFICATIONS, asked, row.id),
        form=form or FormState(),
    )


def _joint_photos(session: Session, submission: Submission, actor: Actor) -> list[PhotoView]:
    """The pictures of what was merged into it, as far as the viewer may see it: two statements. Each keeps what its own
    sender asked for."""
    merged = session.scalars(
        select(Submission)
        .where(Submission.duplicate_of_id == submission.id, in_scope(actor, Submission, CONSOLE))
        .order_by(Submission.id)  # those of the anonymous tell the day alone
        .limit(MERGED_SHOWN)
    ).all()
    photos = list_photos(session, [each.id for each in merged])
    originals = list_originals(session, [photo.id for each in photos.values() for photo in each])
    return [
        view
        for each in merged
        for view in photo_views(
            [photo for photo in photos[each.id] if photo.purpose in REPORT_PURPOSES], "共同上报",
            originals if may_see_traces(actor, each) else None,
        )
    ]  # fmt: skip


def _facts(session: Session, row: Rectification, submission: Submission, actor: Actor) -> dict[str, Any]:
    campaign = campaign_facts(session, row.campaign_id)
    may_read = actor.holds_over(submission, CONSOLE)  # else it was sent past the viewer's union
    content = read_content(session, submission.kind, submission.id) if may_read else None
    names = union_names(session, {row.district_id, row.town_id, row.addressee_id, row.issuer_id})
    reporter = session.scalar(select(Person.name).where(Person.id == submission.reporter_id))
    return {
        **_rating(session, row),
        "id": row.id,
        "placed": row,
        "version": row.version,
        "status": row.status,
        "status_text": STATUS_TEXTS[row.status],
        "chip": CHIPS[row.status],
        "description": (content.description if content else "") or row.excerpt,
        "category_name": campaign.category_name(row.category),
        "grade": row.grade,
        "grade_name": campaign.grades.get(row.grade),
        "place": row.place,
        "area": area_of(names, row),
        "addressee_id": row.addressee_id,
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
        **_closing(row, submission, actor),
        "submission_href": f"/console/submissions/{submission.id}" if may_read else None,
    }


def _closing(row: Rectification, submission: Submission, actor: Actor) -> dict[str, Any]:
    """How and when it was closed, as exactly as the viewer may know."""
    by_reporter = row.closed_by_id == submission.reporter_id
    return {
        "closed_at": row.closed_at
        and (shown_moment(actor, submission, row.closed_at) if by_reporter else row.closed_at),
        "closed_day_only": by_reporter and not may_see_traces(actor, submission),
        "way_text": way_text(row.recheck_way, by_reporter=by_reporter),
        "reopen_until": row.reopen_until,
    }


def _rating(session: Session, row: Rectification) -> dict[str, str | None]:
    rating = session.get(RectificationRating, row.id)
    if rating is None:
        return {"rating_text": None, "rating_words": ""}
    return {"rating_text": SATISFACTION_TEXTS[rating.satisfaction], "rating_words": rating.words}


def _available_moves(context: Context, query: str) -> list[AvailableMove]:
    """The moves to offer, each with the ready replies of the actor's unions and of those above them."""
    row, actor = context.row, context.actor
    seats = {role_at.union_id for role_at in actor.reviewing} if actor is not None else set()
    templates = list_templates(context.session, seats, row.category, above=True)
    suffix = f"?{query}" if query else ""
    return [
        AvailableMove(
            move=(name := Move(move.name)),
            label=move.label,
            form=MOVE_FORMS[name],
            action=f"{href(row.id)}/{name}{suffix}",
            needs_text=name in FORMS and FORMS[name].model_fields["text"].is_required(),
            templates=templates.get(name, ()),
        )
        for move in possible_moves(RECTIFICATION_WORKFLOW, context)
        if move.party is not REPORTER
    ]


def _waiting_for(context: Context) -> str:
    """Whose turn it is, for those who look at it."""
    who, row = union_label(context.snapshot.addressee_name), context.row
    if row.status in DUE:
        if row.asked_days is not None:
            return f"{who}申请延期 {row.asked_days} 个工作日，等上级工会答复。"
        if _refuse(context, Move.SUBMIT) is None:
            return "请按整改建议在期限前整改，拍下整改后的照片提交。"
        return f"等{who}{'答复' if row.status is Status.OPEN else '提交整改结果'}。"
    if row.status is Status.DISPUTED:
        return f"{who}有异议，等上级工会决定。期限停止计时。"
    if row.status is Status.SUBMITTED:
        refusal = _refuse(context, Move.CLOSE)
        return "请复查。期限停止计时。" if refusal is None else f"等待复查，期限停止计时。{refusal.message}"
    return ""


def _refuse(context: Context, move: Move) -> AppError | None:
    """Why the viewer cannot make one of the unions' moves."""
    return find_refusal(RECTIFICATION_WORKFLOW, RECTIFICATION_WORKFLOW.find(move), context)
