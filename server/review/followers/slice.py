"""Who hears of a submission that somebody else sent."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_

from server.core.slice import PersonalRows, Slice, owned_by
from server.review.followers.events import SubmissionFollowed, SubmissionLeftBehind
from server.review.followers.messages import MESSAGES
from server.review.followers.models import Follow
from server.review.followers.publishing import PUBLISHED


def _of_own_accord(person_id: UUID) -> ColumnElement[bool]:
    """Follows that are no part in a report: those stand for an award."""
    return and_(Follow.person_id == person_id, Follow.merged_id.is_(None))


SLICE = Slice(
    published=(PUBLISHED,),
    personal=(
        PersonalRows(model=Follow, rows=owned_by(Follow.person_id), title="关注和共同上报", is_counted=True),
        PersonalRows(model=Follow, rows=_of_own_accord, is_removed=True),
    ),
    events=(SubmissionFollowed, SubmissionLeftBehind),
    messages=MESSAGES,
)
