"""What rectification does when review decides and when photos come."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.kit.attachments import listen
from server.review.decisions.ports import REOPENING
from server.review.rectification.actions import open_rectification, refuse_voiding, void_rectification
from server.review.rectification.evidence.attachments import EVIDENCE
from server.review.rectification.messages import say_opening
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.events import SubmissionAccepted, SubmissionReopened
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Submission
from server.review.submissions.ports import CONSEQUENCES


def on_submission_accepted(session: Session, event: SubmissionAccepted) -> None:
    """A hazard is to be put right, unless that is under way: whatever opened one meanwhile was as good."""
    submission = session.get_one(Submission, event.submission_id)
    stands = exists().where(
        Rectification.submission_id == submission.id, Rectification.status != RectifyStatus.VOIDED
    )  # fmt: skip
    if kind_of(submission.kind).is_rectified and not session.scalar(select(stands)):
        open_rectification(session, submission, event)


def on_submission_reopened(session: Session, event: SubmissionReopened) -> None:
    """What followed from the decision falls with it; where it cannot any more, the decision was not taken back."""
    void_rectification(session, event.submission_id, actor_id=event.actor_id, now=event.at)


def subscribe_events() -> None:
    """Listen to review and to the photos wing; say when a decision cannot be taken back, and
    what follows from one."""
    subscribe(SubmissionAccepted, on_submission_accepted)
    subscribe(SubmissionReopened, on_submission_reopened)
    listen(EVIDENCE)
    REOPENING.plug(refuse_voiding)
    CONSEQUENCES.plug(say_opening)
