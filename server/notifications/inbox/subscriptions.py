"""Every step that concerns the reporter becomes a message, in the transaction of the step.

Followers and joint reporters hear how it ended, without the words that were meant for the reporter.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from server.core.events import Event, subscribe
from server.core.slice import declared
from server.kit.messages import Message
from server.notifications.inbox.accounts import subscribe_accounts
from server.notifications.inbox.actions import deliver_message, deliver_to_all
from server.notifications.inbox.messages import MESSAGES, SubmissionMessage, message_to_followers
from server.notifications.inbox.queries import count_unread
from server.notifications.inbox.reviewers import subscribe_notices
from server.review.followers.queries import list_followers
from server.review.rectification import texts as rectification
from server.review.rectification.events import EVENTS
from server.review.rectification.models import Rectification
from server.review.safety.queries import find_held
from server.review.submissions.models import Submission
from server.unions.campaigns.queries import campaign_facts
from server.unions.people.unread import set_unread_counter
from server.unions.tree.models import Union

_SUBJECT = select(
    Submission.reporter_id,
    Submission.campaign_id,
    Submission.kind,
    Submission.excerpt,
    Submission.is_anonymous,
    Submission.grade,
    Submission.due_at,
    Union.name.label("union_name"),
).join(Union, Union.id == Submission.routed_union_id)


def on_submission_step(session: Session, event: Event) -> None:
    """Tell the reporter, once per step."""
    if event.data.get("reporter_gone") or event.data.get("quietly"):
        return
    row = session.execute(_SUBJECT.where(Submission.id == event.subject_id)).one()
    grades = campaign_facts(session, row.campaign_id).grades
    step = SubmissionMessage(
        excerpt=row.excerpt,
        union_name=row.union_name,
        text=event.data.get("text"),
        grade_name=grades.get(row.grade) if row.grade is not None else None,
        due_at=row.due_at,
        kind=row.kind,
        in_part=bool(event.data.get("in_part")),
    )
    deliver_message(
        session,
        row.reporter_id,
        f"step:{event.data['step_id']}",
        MESSAGES[event.name](step),
        submission_id=event.subject_id,
        about=event.name,
        what=row.excerpt,
        now=event.at,
    )
    if event.name == "submission.declined":
        _tell_followers(session, event, event.subject_id, row, partial(message_to_followers, event.name))


_MOVE_OF = {name: move for move, name in EVENTS.items()}
_RECTIFICATION = (
    select(
        Submission.id.label("submission_id"),
        Submission.reporter_id,
        Submission.excerpt,
        Submission.is_anonymous,
        Rectification.due_at,
        Rectification.reopen_until,
        Union.name.label("addressee"),
    )
    .select_from(Rectification)
    .join(Submission, Submission.id == Rectification.submission_id)
    .join(Union, Union.id == Rectification.addressee_id)
)


def on_rectification_step(session: Session, event: Event) -> None:
    """Tell the reporter how it goes on, and the followers when it has ended."""
    move = _MOVE_OF[event.name]
    row = session.execute(_RECTIFICATION.where(Rectification.id == event.subject_id)).one()
    told = rectification.RectificationMessage(
        row.excerpt, row.addressee, event.data.get("text"), row.due_at, row.reopen_until
    )
    deliver_message(
        session,
        row.reporter_id,
        f"rectification:{event.data['step_id']}",
        rectification.MESSAGES[move](told),
        submission_id=row.submission_id,
        about=event.name,
        what=row.excerpt,
        now=event.at,
    )
    if (words := rectification.MESSAGES_TO_FOLLOWERS.get(move)) is not None:
        _tell_followers(session, event, row.submission_id, row, words)


def _tell_followers(
    session: Session,
    event: Event,
    submission_id: UUID,
    row: Row[*tuple[Any, ...]],
    words: Callable[[str | None], Message],
) -> None:
    excerpt = None if row.is_anonymous or find_held(session, [submission_id]) else row.excerpt
    people = list_followers(session, [submission_id])[submission_id]
    key = f"followed:{event.data.get('step_id', submission_id)}"
    deliver_to_all(
        session, people, key, words(excerpt), submission_id=submission_id, day_only=row.is_anonymous, now=event.at
    )  # fmt: skip


def on_left_behind(session: Session, event: Event) -> None:
    """Tell the followers of what was withdrawn that nobody sees to it any more."""
    row = session.execute(_SUBJECT.where(Submission.id == event.subject_id)).one()
    _tell_followers(session, event, event.subject_id, row, partial(message_to_followers, event.name))


def on_followed(session: Session, event: Event) -> None:
    """Tell the reporter once that somebody else saw it too, not who or how many."""
    row = session.execute(_SUBJECT.where(Submission.id == event.subject_id)).one()
    key = f"others:{event.subject_id}"
    message = message_to_followers(event.name, row.excerpt)
    deliver_message(session, row.reporter_id, key, message, submission_id=event.subject_id, now=event.at)


def on_told(session: Session, event: Event) -> None:
    """Tell a person what another slice has words for."""
    told = declared().messages[event.name](session, event)
    if told.person_id is None:
        return
    deliver_message(
        session,
        told.person_id,
        told.key,
        told.message,
        submission_id=told.submission_id,
        target=told.target,
        about=event.name,
        what=told.what,
        now=event.at,
    )


def subscribe_events() -> None:
    """Listen to review and, by name, to the wings above; tell the people slice how many messages are unread."""
    for name in MESSAGES:
        subscribe(name, on_submission_step)
    for name in EVENTS.values():
        subscribe(name, on_rectification_step)
    subscribe("submission.followed", on_followed)
    subscribe("submission.left_behind", on_left_behind)
    for name in declared().messages:
        subscribe(name, on_told)
    subscribe_notices()
    subscribe_accounts()
    set_unread_counter(count_unread)
