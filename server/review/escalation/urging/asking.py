"""A reporter asks after what is overdue: once in three days."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, NotFound
from server.core.events import publish
from server.review.escalation.events import OverdueAskedAfter
from server.review.escalation.models import Overdue
from server.review.escalation.schemas import AskedOut
from server.review.submissions.queries import knows_submission
from server.review.submissions.texts import union_label
from server.unions.actor import Actor
from server.unions.tree.models import Union

PAUSE = timedelta(days=3)


def ask_after(session: Session, submission_id: UUID, *, actor: Actor, now: datetime) -> AskedOut:
    """Tell whoever has to answer that the reporter asks. Raises NotFound for somebody else's, Conflict when nothing is
    overdue or it was asked lately."""
    if not knows_submission(session, submission_id, actor):
        raise NotFound
    overdue = session.scalar(
        select(Overdue)
        .where(Overdue.submission_id == submission_id, Overdue.ended_at.is_(None))
        .order_by(Overdue.id.desc())
        .limit(1)
        .with_for_update()
    )
    if overdue is None:
        raise Conflict("还没有逾期，或者刚办了。刷新看看最新进展。", code="not_overdue")
    today = day_of(now)
    if overdue.asked_on is not None and today - overdue.asked_on < PAUSE:
        raise Conflict("三天内催过了，办理的工会已经收到。", code="asked_lately")
    overdue.asked_on = today
    session.flush()
    record(
        session, f"{overdue.kind}.ask_after", subject_type=overdue.kind, subject_id=overdue.item_id,
        actor_id=actor.person_id, at=now, detail={"overdue": str(overdue.id)},
    )  # fmt: skip
    publish(session, OverdueAskedAfter(at=now, actor_id=actor.person_id, overdue_id=overdue.id))
    return AskedOut(responsible_name=union_label(session.get_one(Union, overdue.responsible_id).name))
