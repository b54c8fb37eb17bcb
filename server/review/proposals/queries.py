"""Reads of proposals: whether one may be asked for, what goes out, what the review page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.kit.scope import union_names
from server.photos.models import PhotoState
from server.photos.queries import list_photos
from server.review.decisions.workflow import SUBMISSION_WORKFLOW, refusal_of
from server.review.proposals.asking.wording import instruction_of, words_of
from server.review.proposals.models import ProposalState, ReviewProposal
from server.review.safety.queries import find_held
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.kinds.registry import kind_of, read_content
from server.review.submissions.models import Move, Submission
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts
from server.unions.consents.queries import find_consent
from server.unions.people.models import OtherWorkplace, Person
from server.unions.policies.queries import is_told
from server.unions.policies.texts import Outsider

LONGEST_WAIT = timedelta(minutes=2)
"""After which nobody waits any more: the model is given up after seconds, so the worker stands still."""

ANONYMOUS = "匿名上报的不发给机器。"
NOT_AGREED = "上报人还没有同意写明这件事的隐私说明，不发给机器。"
HELD = "内容检查没有通过的不发给机器。"


@dataclass(frozen=True, slots=True)
class ProposalPanel:
    """What the review page shows. `obstacle` says why none may be asked for; `may_take`: whether the viewer could
    accept the hazard now."""

    submission_id: UUID
    provider: str
    obstacle: str
    may_take: bool
    is_waiting: bool = False
    latest: ReviewProposal | None = None
    grade_name: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What goes out; `photo_id` is of the picture, `grades` those that may be proposed."""

    instruction: str
    words: str
    photo_id: UUID | None
    grades: frozenset[int]


def is_on(session: Session) -> bool:
    """Whether the operator has opened it, and the policy tells of it."""
    return settings_of(session).vision_for_review and is_told(session, Outsider.REVIEW_PROPOSALS)


def find_obstacle(session: Session, submission: Submission) -> str:
    """Why nothing of a hazard may go out; empty if it may."""
    if submission.is_anonymous:
        return ANONYMOUS
    if find_consent(session, submission.reporter_id) is None:
        return NOT_AGREED
    return HELD if find_held(session, [submission.id]) else ""


def find_latest(session: Session, submission_id: UUID, *, lock: bool = False) -> ReviewProposal | None:
    """The newest proposal for a hazard."""
    statement = (
        select(ReviewProposal)
        .where(ReviewProposal.submission_id == submission_id)
        .order_by(ReviewProposal.id.desc())
        .limit(1)
    )
    return session.scalar(statement.with_for_update() if lock else statement)


def is_waiting(proposal: ReviewProposal, now: datetime) -> bool:
    """Whether an answer may still come."""
    return proposal.state is ProposalState.WAITING and now - proposal.asked_at < LONGEST_WAIT


def describe_panel(session: Session, submission: Submission, actor: Actor, now: datetime) -> ProposalPanel | None:
    """The part of the review page; None where there is nothing to show."""
    if not kind_of(submission.kind).is_graded or not is_on(session):
        return None
    context = SUBMISSION_WORKFLOW.context(session, submission, actor=actor, now=now)
    may_take = refusal_of(context, Move.ACCEPT) is None
    latest = find_latest(session, submission.id)
    if latest is None and not may_take:
        return None
    waits = latest is not None and is_waiting(latest, now)
    fault = ""
    if latest is not None and latest.state is not ProposalState.MADE and not waits:
        fault = latest.fault or "等了很久没有答复，请自己定。"
    grades = campaign_facts(session, submission.campaign_id).grades
    return ProposalPanel(
        submission_id=submission.id,
        provider=settings_of(session).vision_name,
        obstacle=find_obstacle(session, submission),
        may_take=may_take,
        is_waiting=waits,
        latest=latest,
        grade_name=grades.get(latest.grade, "") if latest is not None and latest.grade is not None else "",
        fault=fault,
    )


def find_question(session: Session, proposal_id: UUID) -> Question | None:
    """What is to be asked for a proposal that waits; None if it does not any more, or may not be asked now."""
    proposal = session.get(ReviewProposal, proposal_id)
    if proposal is None or proposal.state is not ProposalState.WAITING:
        return None
    submission = session.get_one(Submission, proposal.submission_id)
    if not is_on(session) or find_obstacle(session, submission):
        return None
    campaign = campaign_facts(session, submission.campaign_id)
    person = session.get_one(Person, submission.reporter_id)
    return Question(
        instruction=instruction_of(campaign.grades, campaign.criteria),
        words=words_of(
            campaign.category_name(submission.category),
            read_content(session, submission.kind, submission.id).description,
            name=person.name,
            places=(submission.place, *_units_of(session, submission, person)),
        ),
        photo_id=_first_photo(session, submission.id),
        grades=frozenset(campaign.grades),
    )


def _units_of(session: Session, submission: Submission, person: Person) -> Sequence[str]:
    """What the units are called by which one could find out who it was."""
    others = select(OtherWorkplace.enterprise_id).where(OtherWorkplace.person_id == person.id)
    ids = {
        submission.city_id, submission.district_id, submission.town_id, submission.enterprise_id,
        submission.kept_from_id, person.enterprise_id, *session.scalars(others),
    }  # fmt: skip
    return [each for names in union_names(session, ids).values() for each in names]


def _first_photo(session: Session, submission_id: UUID) -> UUID | None:
    """None, too, where all have the place written on them: that would go out with the picture."""
    photos = list_photos(session, [submission_id])[submission_id]
    shown = (
        each.id
        for each in photos
        if each.purpose in REPORT_PURPOSES and each.state is PhotoState.READY and not each.is_stamped
    )
    return next(shown, None)
