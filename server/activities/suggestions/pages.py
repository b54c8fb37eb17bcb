"""Reads for the console: adopted suggestions in scope, and one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from server.activities.suggestions.carrying_out import is_author, speaks_for
from server.activities.suggestions.models import CoAuthor, PlanStep, Suggestion
from server.activities.suggestions.progress import STEPS, status_text_of
from server.activities.suggestions.queries import list_co_authors, list_plan
from server.activities.suggestions.schemas import Stage, SuggestionFilter
from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.web import cursors
from server.photos.links import photo_urls
from server.photos.queries import list_photos
from server.review.submissions.actions import OF_THE_REPORT
from server.review.submissions.campaign_facts import campaign_facts
from server.review.submissions.identity import reporter_label
from server.review.submissions.models import Kind, Status, Submission
from server.review.submissions.texts import status_text
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person
from server.unions.roles import CONSOLE
from server.unions.tree.models import Union

PAGE = 50
COUNT_CAP = 1000
_PLAN = STEPS.subquery()
_OPEN = func.coalesce(_PLAN.c.steps, 0) > func.coalesce(_PLAN.c.done, 0)
STAGES: dict[Stage, tuple[ColumnElement[bool], ...]] = {
    Stage.UNPLANNED: (_PLAN.c.steps.is_(None), Suggestion.confirmed_at.is_(None)),
    Stage.RUNNING: (_OPEN, Suggestion.confirmed_at.is_(None)),
    Stage.DONE: (_PLAN.c.steps == _PLAN.c.done, Suggestion.confirmed_at.is_(None)),
    Stage.CONFIRMED: (Suggestion.confirmed_at.is_not(None),),
    Stage.PUBLISHED: (Suggestion.published_at.is_not(None),),
    Stage.ALL: (),
}


@dataclass(frozen=True, slots=True)
class Line:
    """An adopted suggestion in the list. `late`: the next step should have been done."""

    id: UUID
    title: str
    author: str
    enterprise_name: str | None
    category_name: str
    steps: int
    done: int
    next_due_on: date | None
    is_late: bool
    status_text: str
    supporters: int
    is_published: bool
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as the page shows it; None while it is being made ready."""

    thumbnail_url: str | None
    display_url: str | None


@dataclass(frozen=True, slots=True)
class SuggestionPage:
    """Everything on the page of one suggestion."""

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
    is_own: bool
    speaks_for_enterprise: bool


def list_adopted(
    session: Session, actor: Actor, wanted: SuggestionFilter, now: datetime
) -> tuple[list[Line], str | None]:
    """A page of adopted suggestions in scope, the newest first, and the cursor of the next."""
    statement = _adopted(actor).where(*STAGES[wanted.stage]).order_by(Submission.id.desc()).limit(PAGE + 1)
    if wanted.after is not None:
        (last,) = cursors.decode(wanted.after, UUID)
        statement = statement.where(Submission.id < last)
    rows = session.execute(statement).all()
    today = in_shanghai(now).date()
    lines = [_line(session, row, actor, today) for row in rows[:PAGE]]
    return lines, cursors.encode(lines[-1].id) if len(rows) > PAGE else None


def count_stages(session: Session, actor: Actor) -> dict[Stage, int]:
    """How many there are at each stage, no further than COUNT_CAP."""
    counts = {}
    for stage, conditions in STAGES.items():
        ids = _adopted(actor).where(*conditions).with_only_columns(Submission.id).limit(COUNT_CAP)
        counts[stage] = session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    return counts


def _adopted(actor: Actor) -> Select[*tuple[Any, ...]]:
    next_due = (
        select(func.min(PlanStep.due_on))
        .where(PlanStep.submission_id == Suggestion.submission_id, PlanStep.done_on.is_(None))
        .scalar_subquery()
    )
    return (
        select(
            Suggestion,
            Submission,
            Person.name.label("author"),
            Union.name.label("enterprise_name"),
            _PLAN.c.steps,
            _PLAN.c.done,
            next_due.label("next_due_on"),
        )
        .join(Submission, Submission.id == Suggestion.submission_id)
        .join(Person, Person.id == Submission.reporter_id)
        .outerjoin(Union, Union.id == Submission.enterprise_id)
        .outerjoin(_PLAN, _PLAN.c.submission_id == Suggestion.submission_id)
        .where(
            Submission.kind == Kind.SUGGESTION,
            Submission.status == Status.ACCEPTED,
            in_scope(actor, Submission, CONSOLE),
        )
    )


def _line(session: Session, row: Any, actor: Actor, today: date) -> Line:
    suggestion, submission = row.Suggestion, row.Submission
    steps, done = row.steps or 0, row.done or 0
    return Line(
        id=submission.id,
        title=suggestion.title,
        author=reporter_label(actor, submission, row.author),
        enterprise_name=row.enterprise_name,
        category_name=campaign_facts(session, submission.campaign_id).category_name(submission.category),
        steps=steps,
        done=done,
        next_due_on=row.next_due_on,
        is_late=row.next_due_on is not None and row.next_due_on < today,
        status_text=status_text_of(steps, done, suggestion.confirmed_at),
        supporters=suggestion.supporters,
        is_published=suggestion.published_at is not None,
        decided_at=submission.decided_at,
    )


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
            for urls in (photo_urls(photo) for photo in photos if photo.purpose in OF_THE_REPORT)
        ],
        plan=plan,
        today=in_shanghai(now).date(),
        is_adopted=is_adopted,
        is_own=is_author(session, submission, actor),
        speaks_for_enterprise=speaks_for(actor, submission),
    )
