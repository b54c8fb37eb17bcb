"""The reporter's word on how it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.errors import Conflict, NotFound
from server.review.rectification.models import RectificationRating, RectifyStatus
from server.review.rectification.schemas import RatingIn
from server.review.rectification.workflow import lock_latest
from server.review.submissions.models import Submission
from server.unions.actor import Actor


def rate_rectification(session: Session, submission_id: UUID, body: RatingIn, *, actor: Actor, now: datetime) -> None:
    """Keep what the reporter thinks; said again, it takes the place of what was said before.

    Raises NotFound for somebody else's, Conflict while it is not closed.
    """
    submission = session.get(Submission, submission_id)
    if submission is None or submission.reporter_id != actor.person_id:
        raise NotFound
    row, _ = lock_latest(session, submission_id)
    if row is None or row.status is not RectifyStatus.CLOSED:
        raise Conflict("销号以后才能评价。", code="not_closed")
    rating = session.get(RectificationRating, row.id) or RectificationRating(rectification_id=row.id)
    rating.satisfaction, rating.words, rating.rated_on = body.satisfaction, body.words, in_shanghai(now).date()
    session.add(rating)
    session.flush()
