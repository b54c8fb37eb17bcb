"""Where slices above say what follows from a decision, so that one message tells all of it."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from server.core.ports import Port
from server.review.submissions.events import SubmissionAccepted
from server.review.submissions.models import Submission

CONSEQUENCES: Port[Callable[[Session, Submission, SubmissionAccepted], str]] = Port("submissions.consequences")
"""Given a submission as it was accepted or would be (nothing has followed yet then): a sentence for its reporter about
what follows, such as who puts it right; empty for nothing. They only look."""


def say_consequences(session: Session, submission: Submission, decision: SubmissionAccepted) -> str:
    """All of it, in the order of the wings."""
    return "".join(say(session, submission, decision) for say in CONSEQUENCES.answers)
