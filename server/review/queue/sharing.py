"""Submissions are given to colleagues, and talked about among them."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.kit.teamwork.sharing import FoundItem, SharedItem, todo_of
from server.review.queue.item.queries import get_item
from server.review.queue.listing import ITEM
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Status, Submission
from server.unions.actor import Actor


def _find(session: Session, submission_id: UUID, actor: Actor) -> FoundItem:
    row = get_item(session, submission_id, actor)
    return FoundItem(row, f"{kind_of(row.kind).words.name} {row.number}", row.reporter_id)


SHARED_ITEM = SharedItem(subject="submission", path=ITEM, find=_find)
TODO = todo_of(
    "submission", "/console/queue?given=1", "{} 条同事交给您审核", Submission.id, Submission.status == Status.QUEUED
)
