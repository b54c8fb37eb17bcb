"""The reporter's word on how it ended."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import Conflict, NotFound
from server.review.rectification.models import RectificationRating, RectifyStatus
from server.review.rectification.schemas import RatingIn
from server.review.rectification.workflow import lock_latest
from server.unions.actor import Actor


def rate_rectification(session: Session, submission_id: UUID, body: RatingIn, *, actor: Actor, now: datetime) -> None:
    """Keep what the reporter thinks; said again, it takes the place of what was said before.

    Raises NotFound for somebody else's, Conflict while it is not closed.
    """
    row, submission = lock_latest(session, submission_id)
    if submission.reporter_id != actor.person_id:
        raise NotFound
    if row is None or row.status is not RectifyStatus.CLOSED:
        raise Conflict("销号以后才能评价。", code="not_closed")
    rating = session.get(RectificationRating, row.id) or RectificationRating(rectification_id=row.id)
    rating.satisfaction, rating.words, rating.rated_on = body.satisfaction, body.words, day_of(now)
    session.add(rating)
    session.flush()
