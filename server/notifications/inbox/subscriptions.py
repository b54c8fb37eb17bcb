"""Every step that concerns the reporter becomes a message, in the transaction of the step."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.notifications.inbox.actions import deliver_message
from server.notifications.inbox.messages import MESSAGES, Happening
from server.notifications.inbox.queries import count_unread
from server.review.submissions.campaign_facts import campaign_facts
from server.review.submissions.models import Submission
from server.unions.people.unread import set_unread_counter
from server.unions.tree.models import Union

_SUBJECT = select(
    Submission.reporter_id,
    Submission.campaign_id,
    Submission.excerpt,
    Submission.grade,
    Submission.due_at,
    Union.name.label("union_name"),
).join(Union, Union.id == Submission.routed_union_id)


def on_submission_step(session: Session, event: Event) -> None:
    """Tell the reporter, once per step."""
    row = session.execute(_SUBJECT.where(Submission.id == event.subject_id)).one()
    grades = campaign_facts(session, row.campaign_id).grades
    happening = Happening(
        excerpt=row.excerpt,
        union_name=row.union_name,
        text=event.data.get("text"),
        grade_name=grades.get(row.grade) if row.grade is not None else None,
        due_at=row.due_at,
    )
    deliver_message(
        session,
        row.reporter_id,
        f"step:{event.data['step_id']}",
        MESSAGES[event.name](happening),
        submission_id=event.subject_id,
        now=event.at,
    )


def subscribe_events() -> None:
    """Listen to review; tell the people slice how many messages are unread."""
    for name in MESSAGES:
        subscribe(name, on_submission_step)
    set_unread_counter(count_unread)
