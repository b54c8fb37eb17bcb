"""Points follow what review decides: in the same transaction, and taken back when the decision is."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.review.submissions.models import Submission
from server.rewards.points.actions import credit_points, take_back
from server.rewards.points.rules import code_of_acceptance


def on_accepted(session: Session, event: Event) -> None:
    """A hazard was graded, or a suggestion adopted."""
    submission = session.get_one(Submission, event.subject_id)
    code = code_of_acceptance(submission.grade, bool(event.data.get("in_part")))
    source = f"submission.accepted:{submission.id}"
    credit_points(session, code, source, submission, actor_id=event.actor_id, now=event.at)


def on_undone(session: Session, event: Event) -> None:
    """The decision was taken back, and with it everything that it earned."""
    take_back(session, event.subject_id, "", "审核决定已撤销", actor_id=event.actor_id, now=event.at)


def on_closed(session: Session, event: Event) -> None:
    """Put right and rechecked."""
    submission = session.get_one(Submission, _submission_id(event))
    source = f"hazard.closed:{submission.id}"
    credit_points(session, "closed", source, submission, actor_id=event.actor_id, now=event.at)


def on_not_closed(session: Session, event: Event) -> None:
    """Open again, or void."""
    take_back(
        session, _submission_id(event), "hazard.closed:", "销号已撤销", actor_id=event.actor_id, now=event.at
    )  # fmt: skip


def on_benefit(session: Session, event: Event) -> None:
    """The enterprise confirmed what a suggestion brought. Its subject is the submission itself."""
    submission = session.get_one(Submission, event.subject_id)
    source = f"suggestion.benefit:{submission.id}"
    credit_points(session, "benefit", source, submission, actor_id=event.actor_id, now=event.at)


def _submission_id(event: Event) -> UUID:
    return UUID(str(event.data["submission_id"]))


def subscribe_events() -> None:
    """Listen to review and to suggestions."""
    subscribe("submission.accepted", on_accepted)
    subscribe("submission.reopened", on_undone)
    subscribe("rectification.closed", on_closed)
    subscribe("rectification.reopened", on_not_closed)
    subscribe("rectification.voided", on_not_closed)
    subscribe("suggestion.benefit_confirmed", on_benefit)
