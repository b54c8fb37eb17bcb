"""The review page of one submission: everything a reviewer needs to decide, in a fixed number of queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.listing import Request
from server.kit.neighbours import find_neighbours, find_position
from server.kit.scope import MAX_CHOICES, MORE_CHOICES, Choice, area_of, union_names
from server.photos.models import Photo, PhotoOriginal
from server.photos.originals.queries import AWAITED, list_originals
from server.photos.originals.texts import edits_text, link_text, original_text
from server.photos.pictures.keys import Variant
from server.photos.pictures.links import photo_url, photo_urls
from server.photos.queries import list_photos
from server.review.decisions.moves.parties import acting_role
from server.review.decisions.moves.snapshots import branch_of
from server.review.decisions.queries import list_templates
from server.review.decisions.texts import form_of_move
from server.review.decisions.workflow import SUBMISSION_WORKFLOW, Context, label_of, offered_moves, refusal_of
from server.review.duplicates.matching.candidates import describe_related
from server.review.queue.item.history import list_history
from server.review.queue.item.schemas import (
    AvailableMove,
    ClaimView,
    FollowUpLink,
    FormState,
    ItemPage,
    PhotoView,
    RelatedView,
    ReporterView,
    TemplateView,
)
from server.review.queue.listing import QUEUE, item_href
from server.review.queue.schemas import QueueFilter
from server.review.safety.queries import describe_safety
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.anonymity.identity import ANONYMOUS, may_see_reporter, may_see_traces, shown_moment
from server.review.submissions.kinds.registry import kind_of, read_content, read_follow_ups
from server.review.submissions.models import Move, Status, Submission
from server.review.submissions.texts import numbers_meant, status_text
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import CampaignFacts, campaign_facts
from server.unions.people.models import Person
from server.unions.people.permissions import PERMISSIONS as OF_PEOPLE
from server.unions.people.rules import mask_phone
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union

PRIVATE = OF_PEOPLE["person.read_private"]

_RELATED = select(
    Submission.id, Submission.number, Submission.kind, Submission.excerpt, Submission.status, Submission.created_at,
    Submission.cover_photo_id, Submission.is_anonymous, Submission.disclosed_at, Submission.city_id,
    Submission.district_id, Submission.town_id, Submission.enterprise_id,
)  # fmt: skip


def find_by_number(session: Session, text: str, actor: Actor) -> UUID | None:
    """The submission within the actor's scope whose number was typed; None if it is no number, or nobody's here."""
    numbers = numbers_meant(text)
    if not numbers:
        return None
    return session.scalar(
        select(Submission.id).where(Submission.number.in_(numbers), in_scope(actor, Submission, CONSOLE))
    )


def get_item(session: Session, submission_id: UUID, actor: Actor) -> Submission:
    """A submission within the actor's scope. Raises NotFound."""
    statement = select(Submission).where(
        Submission.id == submission_id, Submission.arrived_at.is_not(None), in_scope(actor, Submission, CONSOLE)
    )
    submission = session.scalar(statement)
    if submission is None:
        raise NotFound
    return submission


def describe_item(
    session: Session,
    submission_id: UUID,
    actor: Actor,
    filters: QueueFilter,
    now: datetime,
    *,
    shows_phone: bool = False,
    form: FormState | None = None,
) -> ItemPage:
    """All of the review page; the reporter's number in full only where it was asked for and may be read.

    Raises NotFound outside of the actor's scope.
    """
    submission = get_item(session, submission_id, actor)
    context = SUBMISSION_WORKFLOW.context(session, submission, actor=actor, now=now)
    campaign = campaign_facts(session, submission.campaign_id)
    query = filters.to_query()
    asked = Request(session, actor, filters, now)
    around = find_neighbours(QUEUE, asked, submission_id)
    related = _related(session, submission, actor, query)
    return ItemPage(
        **_facts(session, submission, campaign, actor, now),
        routed_name=context.snapshot.routed_name,
        photos=_photos(session, submission, actor),
        reporter=describe_reporter(session, submission, actor, shows_phone=shows_phone),
        history=list_history(session, submission, campaign, actor),
        claim=_claim(context),
        moves=_moves(context, query),
        refusal=_refusal(context),
        grades=[
            Choice(str(grade), name, False, hint=campaign.criteria[grade], days=campaign.rectify_days[grade])
            for grade, name in campaign.grades.items()
        ],
        unions_below=_unions_below(context),
        duplicate_of=next((each for each in related["target"]), None),
        duplicates=related["followers"],
        related=describe_related(session, submission, actor, query),
        safety=describe_safety(session, submission_id),
        list_href=QUEUE.href(query),
        previous_href=item_href(around.before, query) if around.before else None,
        next_href=item_href(around.after, query) if around.after else None,
        next_photo_urls=_photo_links(session, around.after) if around.after else (),
        position=find_position(QUEUE, asked, submission_id),
        follow_up=_follow_up(session, submission),
        form=form or FormState(),
    )


def _facts(
    session: Session, submission: Submission, campaign: CampaignFacts, actor: Actor, now: datetime
) -> dict[str, Any]:
    """What the page says of the submission itself."""
    content = read_content(session, submission.kind, submission.id)
    names = union_names(
        session, (submission.district_id, submission.town_id, submission.enterprise_id, submission.kept_from_id)
    )
    due_at = submission.due_at
    return {
        "id": submission.id,
        "number": submission.number or "",
        "placed": submission,
        "kind": submission.kind,
        "words": kind_of(submission.kind).words,
        "version": submission.version,
        "status": submission.status,
        "status_text": status_text(submission.kind, submission.status),
        "is_anonymous": submission.is_anonymous,
        "day_only": not may_see_traces(actor, submission),
        "category": submission.category,
        "category_name": campaign.category_name(submission.category),
        "description": content.description,
        "place": submission.place,
        "area": area_of(names, submission),
        "coordinates": content.coordinates,
        "location": content.location,
        "enterprise_name": names[submission.enterprise_id][0] if submission.enterprise_id else None,
        "kept_from_name": names[submission.kept_from_id][0] if submission.kept_from_id else None,
        "grade": submission.grade,
        "grade_name": campaign.grades.get(submission.grade) if submission.grade is not None else None,
        "created_at": shown_moment(actor, submission, submission.created_at),
        "arrived_at": shown_moment(actor, submission, submission.arrived_at) if submission.arrived_at else None,
        "due_at": due_at,
        "is_overdue": submission.status is Status.QUEUED and due_at is not None and due_at < now,
        "photos_expected": submission.photos_expected,
    }


def _photo_links(session: Session, submission_id: UUID) -> list[str]:
    """Everything that the page of a submission shows at once: the first picture large, all of them small."""
    urls = [photo_urls(photo) for photo in _reported(session, submission_id)]
    first = [urls[0].display] if urls else []
    return [url for url in (*first, *(each.thumbnail for each in urls)) if url is not None]


def _reported(session: Session, submission_id: UUID) -> list[Photo]:
    photos = list_photos(session, [submission_id])[submission_id]
    return [photo for photo in photos if photo.purpose in REPORT_PURPOSES]


def _photos(session: Session, submission: Submission, actor: Actor) -> list[PhotoView]:
    traces = may_see_traces(actor, submission)
    photos = _reported(session, submission.id)
    originals = list_originals(session, [photo.id for photo in photos])
    return [_photo(photo, originals.get(photo.id), traces=traces) for photo in photos]


def _photo(photo: Photo, original: PhotoOriginal | None, *, traces: bool) -> PhotoView:
    """`traces`: whether the viewer may have the original and know when, where and with what it was taken."""
    urls = photo_urls(photo)
    return PhotoView(
        id=photo.id, position=photo.position, state=photo.state.value, thumbnail_url=urls.thumbnail,
        display_url=urls.display, original_url=photo_url(photo, Variant.ORIGINAL) if traces else None,
        video_url=urls.video, seconds=photo.seconds, is_video=photo.is_video,
        link_text=link_text(photo, original), width=photo.width, height=photo.height,
        taken_at=photo.taken_at if traces else None, device=photo.device if traces else None,
        latitude=photo.latitude if traces else None,
        longitude=photo.longitude if traces else None, from_answer=photo.batch_id is not None,
        edits_text=edits_text(photo), original_text=original_text(photo, original),
        may_ask=traces and original is not None and original.state in AWAITED and original.wanted_at is None,
    )  # fmt: skip


def may_read_phone(actor: Actor, submission: Submission) -> bool:
    """Whether the reporter's number may be read in full: by a role above the enterprise over this very submission."""
    return may_see_reporter(actor, submission) and actor.holds_over(submission, PRIVATE)


def describe_reporter(
    session: Session, submission: Submission, actor: Actor, *, shows_phone: bool = False
) -> ReporterView:
    """Who reported it, as this viewer may know."""
    if not may_see_reporter(actor, submission):
        return ReporterView(ANONYMOUS, None, is_masked=True, enterprise_name=None, is_hidden=True)
    person = session.get_one(Person, submission.reporter_id)
    enterprise = session.get(Union, person.enterprise_id) if person.enterprise_id else None
    from_where = enterprise.name if enterprise else None
    if not actor.holds_over(submission, PRIVATE):
        name = person.name[0] + "*" * (len(person.name) - 1) if person.name else person.name
        return ReporterView(name, mask_phone(person.phone), is_masked=True, enterprise_name=from_where)
    is_ours = enterprise is not None and actor.holds_over(enterprise, CONSOLE) and not submission.is_anonymous
    href = f"/console/people/{person.id}/overview" if is_ours else None
    if shows_phone or not person.phone:
        return ReporterView(person.name, person.phone, is_masked=False, enterprise_name=from_where, href=href)
    return ReporterView(
        person.name, mask_phone(person.phone), is_masked=False, enterprise_name=from_where,
        phone_href=f"/console/submissions/{submission.id}/phone", href=href,
    )  # fmt: skip


def _follow_up(session: Session, submission: Submission) -> FollowUpLink | None:
    """What came of it, as its reporter is told too; the page that carries it on is another slice's."""
    if submission.status is not Status.ACCEPTED:
        return None
    follow_up = read_follow_ups(session, {submission.kind: [submission.id]}).get(submission.id)
    return FollowUpLink(follow_up.href, follow_up.status_text) if follow_up is not None else None


# --- what can be done -------------------------------------------------------------------------------------------------


def _claim(context: Context) -> ClaimView | None:
    row = context.row
    if row.claimed_by_id is None or row.claimed_until is None or row.claimed_until <= context.now:
        return None
    return ClaimView(context.snapshot.claimed_by_name, row.claimed_by_id == context.actor_id, row.claimed_until)


def _refusal(context: Context) -> str | None:
    if context.actor is None or not context.actor.reviewing:
        return "您可以查看。处理由各级工会的审核员进行。"
    refusal = refusal_of(context, Move.ACCEPT if context.row.status is Status.QUEUED else Move.REOPEN)
    return refusal.message if refusal is not None else None


def _moves(context: Context, query: str) -> list[AvailableMove]:
    submission, offered = context.row, offered_moves(context)
    if not offered:
        return []
    keepers = {union_id for union_id in context.snapshot.routed.values() if union_id is not None}
    templates = list_templates(context.session, keepers, submission.category)
    suffix = f"?{query}" if query else ""
    labels = [(move, label_of(move, submission.kind)) for move in offered]
    return [
        AvailableMove(
            move=move,
            label=label.label,
            form=form_of_move(move, label),
            action=f"/console/submissions/{submission.id}/{move.value}{suffix}",
            key=label.key,
            fields=label.fields,
            required=label.required,
            templates=[TemplateView(each.id, each.title, each.text) for each in templates.get(move, ())],
            is_primary=label.is_primary,
        )
        for move, label in labels
    ]


def _unions_below(context: Context) -> list[Choice]:
    role = acting_role(context)
    if role is None or context.row.status is not Status.QUEUED or role.level is Level.ENTERPRISE:
        return []
    rows = context.session.execute(
        select(Union.id, Union.name)
        .where(Union.parent_id == role.union_id, Union.is_active.is_(True), Union.level != Level.TEAM)
        .order_by(*Union.official_order())
        .limit(MAX_CHOICES + 1)
    ).all()
    on_branch = set(branch_of(context.row).values())
    choices = [Choice(str(row.id), row.name, row.id in on_branch) for row in rows[:MAX_CHOICES]]
    return choices + [MORE_CHOICES] * (len(rows) > MAX_CHOICES)


# --- other submissions ------------------------------------------------------------------------------------------------


def _related(session: Session, submission: Submission, actor: Actor, query: str) -> dict[str, list[RelatedView]]:
    visible = in_scope(actor, Submission, CONSOLE)
    statements: dict[str, Select[*tuple[Any, ...]]] = {
        "target": _RELATED.where(Submission.id == submission.duplicate_of_id, visible),
        "followers": _RELATED.where(Submission.duplicate_of_id == submission.id, visible).limit(50),
    }
    found = {name: session.execute(statement).all() for name, statement in statements.items()}
    photos = list_photos(session, {row.id for rows in found.values() for row in rows})
    return {
        name: [_related_view(row, photos.get(row.id, ()), query, actor) for row in rows] for name, rows in found.items()
    }


def _related_view(row: Row[*tuple[Any, ...]], photos: Sequence[Photo], query: str, actor: Actor) -> RelatedView:
    reported = [photo for photo in photos if photo.purpose in REPORT_PURPOSES]
    cover = next((photo for photo in reported if photo.id == row.cover_photo_id), None)
    return RelatedView(
        id=row.id, number=row.number or "", href=item_href(row.id, query), excerpt=row.excerpt, status=row.status,
        status_text=status_text(row.kind, row.status), created_at=shown_moment(actor, row, row.created_at),
        thumbnail_url=photo_urls(cover).thumbnail if cover is not None else None,
        day_only=not may_see_traces(actor, row),
        photos=[urls for photo in reported if (urls := photo_urls(photo)).thumbnail],
    )  # fmt: skip
