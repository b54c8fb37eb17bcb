"""What accepting a hazard leads to: who is to put it right, until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy.orm import Session

from server.kit.deadlines.calendar.working_days import due_after
from server.review.rectification.moves.deadline import days_of_grade
from server.review.submissions.events import SubmissionAccepted
from server.review.submissions.models import Submission
from server.unions.campaigns.queries import campaign_facts


@dataclass(frozen=True, slots=True)
class Opening:
    """How a rectification begins: in so many working days."""

    grade: int
    addressee_id: UUID
    days: int
    due_at: datetime


def enterprise_of(submission: Submission) -> UUID | None:
    """Who is advised to put it right. What was sent past an enterprise is put right there too: it learns what is to be
    done, never what was sent nor by whom."""
    return submission.enterprise_id or submission.kept_from_id


def excerpt_for_enterprise(session: Session, submission: Submission) -> str:
    """What it is called where it is put right: of what was sent past an enterprise the category alone, for in a small
    shop the words tell who wrote them."""
    if submission.kept_from_id is None:
        return submission.excerpt
    return campaign_facts(session, submission.campaign_id).category_name(submission.category)


def opening_of(session: Session, submission: Submission, decision: SubmissionAccepted) -> Opening:
    """The enterprise puts it right, or the union that answers for the place."""
    grade = cast(int, submission.grade or decision.grade)  # accepted hazards have one
    days = decision.rectify_days or days_of_grade(session, submission.campaign_id, grade)
    addressee_id = enterprise_of(submission) or submission.routed_union_id
    return Opening(grade, addressee_id, days, due_after(decision.at, days))
