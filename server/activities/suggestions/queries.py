"""Reads of suggestions for workers, and what the slice lends to review."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, exists, or_, select, tuple_
from sqlalchemy.orm import Session

from server.activities.suggestions.implementation.progress import STEPS, status_text_of
from server.activities.suggestions.models import CoAuthor, PlanStep, Suggestion, Support
from server.activities.suggestions.schemas import (
    CoAuthorOut,
    PlanStepOut,
    PublishedOut,
    PublishedPage,
    RealisedOut,
    SuggestionCategories,
    SuggestionCategoryOut,
    SuggestionOut,
)
from server.core.errors import NotFound
from server.core.web import cursors
from server.photos.queries import list_photos
from server.review.safety.queries import held_condition
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.kinds.content import Content
from server.review.submissions.models import Status, Submission, SubmissionStep
from server.review.submissions.queries import photo_out
from server.review.submissions.texts import excerpt_of, status_text
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts, current_campaign, get_campaign, list_suggestion_categories
from server.unions.people.models import Person
from server.unions.people.rules import shorten_name
from server.unions.tree.models import Union

_OF_PLAN = STEPS.subquery()


def list_categories(session: Session) -> SuggestionCategories:
    """The kinds of suggestions in the current campaign. Raises NotFound between campaigns."""
    campaign = get_campaign(session, current_campaign(session).id)
    return SuggestionCategories(
        items=[
            SuggestionCategoryOut(code=one.code, name=one.name, hint=one.hint)
            for one in list_suggestion_categories(campaign)
        ]
    )


# --- for review -------------------------------------------------------------------------------------------------------


def read_suggestion(session: Session, submission_id: UUID) -> Content:
    """What the suggestion says, for the review wing."""
    return read_suggestions(session, [submission_id]).get(submission_id, Content())


def read_suggestions(session: Session, submission_ids: Collection[UUID]) -> Mapping[UUID, Content]:
    """What these suggestions say, by id."""
    rows = session.scalars(select(Suggestion).where(Suggestion.submission_id.in_(submission_ids)))
    return {row.submission_id: Content(_words(row)) for row in rows}


def _words(row: Suggestion) -> str:
    parts = (("现状", row.present_state), ("建议", row.proposal), ("预期效益", row.benefit))
    return "\n\n".join([row.title, *(f"【{label}】{words}" for label, words in parts if words)])


# --- for workers ------------------------------------------------------------------------------------------------------


def list_published(session: Session, actor: Actor, after: str | None, limit: int) -> PublishedPage:
    """Published suggestions of the campaign's city, the newest first. Raises Invalid for a foreign cursor."""
    statement = (
        _published(actor)
        .where(Submission.city_id == current_campaign(session).city_id)
        .order_by(Suggestion.published_at.desc(), Suggestion.submission_id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        at, last = cursors.decode(after, datetime, UUID)
        statement = statement.where(tuple_(Suggestion.published_at, Suggestion.submission_id) < (at, last))
    rows = session.execute(statement).all()
    page = rows[:limit]
    return PublishedPage(
        items=[_published_out(session, row) for row in page],
        next=cursors.encode(page[-1].Suggestion.published_at, page[-1].Submission.id) if len(rows) > limit else None,
    )


def is_public() -> ColumnElement[bool]:
    """Whether colleagues may see a suggestion: published, still adopted, nothing of it held by the content check."""
    return and_(
        Suggestion.published_at.is_not(None),
        Submission.status == Status.ACCEPTED,
        ~held_condition(Suggestion.submission_id),
    )


def _published(actor: Actor) -> Any:
    supported = exists().where(
        Support.submission_id == Suggestion.submission_id, Support.person_id == actor.person_id
    )  # fmt: skip
    return (
        select(
            Suggestion,
            Submission,
            Person.name.label("author"),
            Union.name.label("enterprise_name"),
            _OF_PLAN.c.steps,
            _OF_PLAN.c.done,
            supported.label("is_supported"),
        )
        .join(Submission, Submission.id == Suggestion.submission_id)
        .join(Person, Person.id == Submission.reporter_id)
        .outerjoin(Union, Union.id == Submission.enterprise_id)
        .outerjoin(_OF_PLAN, _OF_PLAN.c.submission_id == Suggestion.submission_id)
        .where(is_public())
    )


def _published_out(session: Session, row: Row[*tuple[Any, ...]]) -> PublishedOut:
    suggestion, submission = row.Suggestion, row.Submission
    return PublishedOut(
        id=submission.id,
        title=suggestion.title,
        category_name=campaign_facts(session, submission.campaign_id).category_name(submission.category),
        enterprise_name=row.enterprise_name,
        author=shorten_name(row.author),
        excerpt=excerpt_of(suggestion.proposal, suggestion.title),
        supporters=suggestion.supporters,
        is_supported=row.is_supported,
        adopted_at=submission.decided_at,
        status_text=status_text_of(row.steps or 0, row.done or 0, suggestion.confirmed_at),
    )


def get_suggestion(session: Session, suggestion_id: UUID, actor: Actor) -> SuggestionOut:
    """One's own, one that names the actor as co-author, or a published one. Raises NotFound for any other."""
    own = CoAuthor.person_id == actor.person_id
    statement = (
        select(Suggestion, Submission, Person.name.label("author"), Union.name.label("enterprise_name"))
        .join(Submission, Submission.id == Suggestion.submission_id)
        .join(Person, Person.id == Submission.reporter_id)
        .outerjoin(Union, Union.id == Submission.enterprise_id)
        .where(
            Suggestion.submission_id == suggestion_id,
            or_(
                Submission.reporter_id == actor.person_id,
                is_public(),
                and_(
                    exists().where(CoAuthor.submission_id == Suggestion.submission_id, own),
                    ~held_condition(Suggestion.submission_id),
                ),
            ),
        )
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound
    return _detail(session, row, actor)


def _detail(session: Session, row: Row[*tuple[Any, ...]], actor: Actor) -> SuggestionOut:
    suggestion, submission = row.Suggestion, row.Submission
    co_authors = list_co_authors(session, submission.id)
    mine = next((each for each in co_authors if each.person_id == actor.person_id), None)
    is_mine = submission.reporter_id == actor.person_id
    is_insider = is_mine or mine is not None
    is_adopted = submission.status is Status.ACCEPTED
    plan = list_plan(session, submission.id) if is_adopted else []
    done = sum(step.done_on is not None for step in plan)
    photos = list_photos(session, [submission.id])[submission.id]
    return SuggestionOut(
        id=submission.id,
        title=suggestion.title,
        category_name=campaign_facts(session, submission.campaign_id).category_name(submission.category),
        enterprise_name=row.enterprise_name,
        author=(row.author or "未填姓名") if is_insider else shorten_name(row.author),
        present_state=suggestion.present_state,
        proposal=suggestion.proposal,
        benefit=suggestion.benefit,
        photos=[photo_out(photo) for photo in photos if photo.purpose in REPORT_PURPOSES],
        co_authors=[
            CoAuthorOut(name=each.name if is_insider else shorten_name(each.name), is_confirmed=each.is_confirmed)
            for each in co_authors
            if is_insider or each.is_confirmed
        ],
        reply=_reply(session, submission) if is_insider else None,
        status_text=status_text_of(len(plan), done, suggestion.confirmed_at)
        if is_adopted
        else status_text(submission.kind, submission.status),
        plan=[
            PlanStepOut(id=step.id, what=step.what, owner=step.owner, due_on=step.due_on, done_on=step.done_on)
            for step in plan
        ],
        realised=_realised(suggestion),
        supporters=suggestion.supporters,
        is_supported=_is_supported(session, submission.id, actor),
        is_mine=is_mine,
        is_published=suggestion.published_at is not None and is_adopted,
        co_authorship=None if mine is None else {None: "asked", True: "accepted", False: "refused"}[mine.is_confirmed],
    )


def list_co_authors(session: Session, submission_id: UUID) -> list[CoAuthor]:
    """In the order in which they were named."""
    statement = select(CoAuthor).where(CoAuthor.submission_id == submission_id).order_by(CoAuthor.id)
    return list(session.scalars(statement))


def list_plan(session: Session, submission_id: UUID) -> list[PlanStep]:
    """What is to be done, by date."""
    statement = select(PlanStep).where(PlanStep.submission_id == submission_id)
    return list(session.scalars(statement.order_by(PlanStep.due_on, PlanStep.id)))


def _realised(suggestion: Suggestion) -> RealisedOut | None:
    if suggestion.confirmed_at is None:
        return None
    return RealisedOut(
        money_cents=suggestion.money_cents,
        hours=suggestion.hours,
        risk=suggestion.risk,
        confirmed_at=suggestion.confirmed_at,
    )


def _is_supported(session: Session, submission_id: UUID, actor: Actor) -> bool:
    mine = exists().where(Support.submission_id == submission_id, Support.person_id == actor.person_id)
    return bool(session.scalar(select(mine)))


def _reply(session: Session, submission: Submission) -> str | None:
    """What the union said with its decision."""
    if submission.decided_at is None:
        return None
    statement = select(SubmissionStep.public_text).where(
        SubmissionStep.submission_id == submission.id, SubmissionStep.to_status == submission.status
    )
    return session.scalars(statement.order_by(SubmissionStep.id.desc()).limit(1)).first()
