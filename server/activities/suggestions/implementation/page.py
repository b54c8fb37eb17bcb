"""Reads for the console: one suggestion in scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.activities.suggestions.implementation.progress import status_text_of
from server.activities.suggestions.models import CoAuthor, ImplementationMove, PlanStep, Suggestion
from server.activities.suggestions.queries import list_co_authors, list_plan
from server.activities.suggestions.workflow import IMPLEMENTATION, Context, speaks_for
from server.core.clock import in_shanghai
from server.core.errors import Conflict, NotFound
from server.kit.workflow import find_refusal, possible_moves
from server.photos.pictures.links import photo_urls
from server.photos.queries import list_photos
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.anonymity.identity import reporter_label
from server.review.submissions.models import Status, Submission
from server.review.submissions.texts import status_text
from server.unions.actor import Actor, in_scope
from server.unions.campaigns.queries import campaign_facts
from server.unions.people.models import Person
from server.unions.roles import CONSOLE
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as the page shows it; None while it is being made ready."""

    thumbnail_url: str | None
    display_url: str | None


@dataclass(frozen=True, slots=True)
class SuggestionPage:
    """Everything on the page of one suggestion. `moves`: what can be done now, by the moves' labels; `unpublishable`:
    why whoever publishes cannot do so now."""

    suggestion: Suggestion
    submission: Submission
    status_text: str
    category_name: str
    author: str
    enterprise_name: str | None
    co_authors: Sequence[CoAuthor]
    photos: Sequence[Picture]
    plan: Sequence[PlanStep]
    today: date
    is_adopted: bool
    moves: Mapping[str, str]
    unpublishable: str | None
    speaks_for_enterprise: bool


def describe(session: Session, suggestion_id: UUID, actor: Actor, now: datetime) -> SuggestionPage:
    """The page of one suggestion. Raises NotFound out of scope and before it has arrived."""
    statement = (
        select(Suggestion, Submission, Person.name.label("author"), Union.name.label("enterprise_name"))
        .join(Submission, Submission.id == Suggestion.submission_id)
        .join(Person, Person.id == Submission.reporter_id)
        .outerjoin(Union, Union.id == Submission.enterprise_id)
        .where(
            Suggestion.submission_id == suggestion_id,
            Submission.arrived_at.is_not(None),
            in_scope(actor, Submission, CONSOLE),
        )
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    suggestion, submission = row.Suggestion, row.Submission
    plan, is_adopted = list_plan(session, suggestion_id), submission.status is Status.ACCEPTED
    done = sum(step.done_on is not None for step in plan)
    adopted = status_text_of(len(plan), done, suggestion.confirmed_at)
    photos = list_photos(session, [suggestion_id])[suggestion_id]
    context = IMPLEMENTATION.context(session, suggestion, actor=actor, now=now)
    return SuggestionPage(
        suggestion=suggestion,
        submission=submission,
        status_text=adopted if is_adopted else status_text(submission.kind, submission.status),
        category_name=campaign_facts(session, submission.campaign_id).category_name(submission.category),
        author=reporter_label(actor, submission, row.author),
        enterprise_name=row.enterprise_name,
        co_authors=list_co_authors(session, suggestion_id),
        photos=[
            Picture(urls.thumbnail, urls.display)
            for urls in (photo_urls(photo) for photo in photos if photo.purpose in REPORT_PURPOSES)
        ],
        plan=plan,
        today=in_shanghai(now).date(),
        is_adopted=is_adopted,
        moves={move.name: move.label for move in possible_moves(IMPLEMENTATION, context)},
        unpublishable=_why_unpublishable(context),
        speaks_for_enterprise=speaks_for(actor, submission),
    )


def _why_unpublishable(context: Context) -> str | None:
    """For those alone who publish such suggestions."""
    refusal = find_refusal(IMPLEMENTATION, IMPLEMENTATION.find(ImplementationMove.PUBLISH), context)
    return refusal.message if isinstance(refusal, Conflict) else None
