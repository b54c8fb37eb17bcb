"""What is rechecked side by side: before, after, what the enterprise says; put together by enterprise and category."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.scope import union_names
from server.kit.selections import Picked
from server.kit.workflow import find_refusal
from server.photos.queries import list_photos
from server.review.decisions.queries import ReadyReply, list_templates
from server.review.rectification.history.for_reporter import list_steps
from server.review.rectification.history.for_reviewers import photo_views
from server.review.rectification.listing import href
from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.queries import latest_evidence
from server.review.rectification.schemas import PhotoView
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.models import Submission
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.roles import CONSOLE

MOST = 20
"""As many as one can look at with care in one go."""


@dataclass(frozen=True, slots=True)
class Card:
    """One of them, with its photos. `is_ready`: its after-photos can be seen."""

    id: UUID
    version: int
    href: str
    number: str
    excerpt: str
    place: str
    grade: int
    grade_name: str | None
    answer: str
    before: Sequence[PhotoView]
    after: Sequence[PhotoView]
    is_ready: bool


@dataclass(frozen=True, slots=True)
class Group:
    """What is alike: of one enterprise and category."""

    addressee_name: str
    category_name: str
    cards: list[Card]


@dataclass(frozen=True, slots=True)
class Left:
    """What was picked and cannot be rechecked here."""

    href: str
    excerpt: str
    why: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of the page. `seen` are the rows whose after-photos it shows."""

    groups: Sequence[Group]
    left: Sequence[Left]
    templates: Mapping[str, Sequence[ReadyReply]]
    seen: Sequence[Picked]


def read_sheet(session: Session, wanted: Collection[UUID], actor: Actor, now: datetime) -> Sheet:
    """Those of the actor's scope, MOST at most; what is not theirs to recheck is told with the reason."""
    rows = session.scalars(
        select(Rectification)
        .where(Rectification.id.in_(wanted), in_scope(actor, Rectification, CONSOLE))
        .order_by(Rectification.addressee_id, Rectification.category, Rectification.id)
        .limit(MOST)
    ).all()
    close = RECTIFICATION_WORKFLOW.find(Move.CLOSE)
    refusals = {
        row.id: find_refusal(
            RECTIFICATION_WORKFLOW, close, RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now)
        )
        for row in rows
    }
    left = [Left(href(row.id), row.excerpt, why.message) for row in rows if (why := refusals[row.id]) is not None]
    fit = [row for row in rows if refusals[row.id] is None]
    cards = _cards(session, fit)
    return Sheet(
        groups=_groups(session, fit, cards),
        left=left,
        templates=list_templates(session, {role_at.union_id for role_at in actor.reviewing}, "", above=True),
        seen=[Picked(row.id, row.version) for row in fit if cards[row.id].is_ready],
    )


def _cards(session: Session, rows: Sequence[Rectification]) -> dict[UUID, Card]:
    submission_ids = [row.submission_id for row in rows]
    numbers: dict[UUID, str] = {
        each.id: each.number or ""
        for each in session.execute(select(Submission.id, Submission.number).where(Submission.id.in_(submission_ids)))
    }
    photos = list_photos(session, submission_ids)
    latest = latest_evidence(session, [row.id for row in rows])
    steps = list_steps(session, [row.id for row in rows])
    answers = {step.rectification_id: step.text for step in steps if step.move is Move.SUBMIT}
    cards = {}
    for row in rows:
        shown = photos[row.submission_id]
        before = [photo for photo in shown if photo.purpose in REPORT_PURPOSES]
        after = photo_views([photo for photo in shown if photo.batch_id == latest.get(row.id)], "整改后", None)
        cards[row.id] = Card(
            id=row.id,
            version=row.version,
            href=href(row.id),
            number=numbers[row.submission_id],
            excerpt=row.excerpt,
            place=row.place,
            grade=row.grade,
            grade_name=campaign_facts(session, row.campaign_id).grades.get(row.grade),
            answer=answers.get(row.id) or "",
            before=photo_views(before, "整改前", None),
            after=after,
            is_ready=bool(after) and all(photo.display_url for photo in after),
        )
    return cards


def _groups(session: Session, rows: Sequence[Rectification], cards: Mapping[UUID, Card]) -> list[Group]:
    names = union_names(session, {row.addressee_id for row in rows})
    groups: dict[tuple[UUID, str], Group] = {}
    for row in rows:
        category = campaign_facts(session, row.campaign_id).category_name(row.category)
        group = groups.setdefault((row.addressee_id, row.category), Group(names[row.addressee_id].name, category, []))
        group.cards.append(cards[row.id])
    return list(groups.values())
