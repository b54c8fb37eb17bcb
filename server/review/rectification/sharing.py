"""Rectifications are given to colleagues, and talked about among them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.teamwork.sharing import FoundItem, SharedItem, todo_of
from server.review.rectification.models import Rectification
from server.review.rectification.permissions import MAY_READ
from server.review.rectification.workflow import RUNNING
from server.review.submissions.models import Submission
from server.unions.actor import Actor, in_scope


def _find(session: Session, rectification_id: UUID, actor: Actor) -> FoundItem:
    found = session.execute(
        select(Rectification, Submission.number, Submission.reporter_id)
        .join(Submission, Submission.id == Rectification.submission_id)
        .where(Rectification.id == rectification_id, in_scope(actor, Rectification, MAY_READ))
    ).one_or_none()
    if found is None:
        raise NotFound
    return FoundItem(found[0], f"整改 {found.number}", found.reporter_id)


SHARED_ITEM = SharedItem(subject="rectification", path="/console/rectifications", find=_find)
TODO = todo_of(
    "rectification", "/console/rectifications?given=1", "{} 项整改同事交给您跟进", Rectification.id,
    Rectification.status.in_(RUNNING),
)  # fmt: skip
