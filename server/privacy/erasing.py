"""Forgetting a person: what only they need is removed, what others rely on stays without them.

Kept are the hazards and suggestions as a record of safety, and awards, payments, points and prizes as records that the
law asks for; all of them lead to a row without a name. The audit log holds ids alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Table, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.activities.hazards.models import Hazard
from server.activities.quiz.attempts.models import Attempt
from server.activities.quiz.practice.models import PracticeCard
from server.activities.quiz.standings.models import BoardKind, QuizBoardRow
from server.activities.suggestions.models import CoAuthor, Suggestion
from server.core.audit.actions import record
from server.core.db import Base
from server.core.events import Event, publish
from server.core.jobs.actions import enqueue
from server.notifications.digests.models import DailyDigest
from server.notifications.inbox.models import InboxMessage
from server.notifications.subscribe.models import Consent, SubscribeMessage
from server.oversight.awards.models import AwardObjection
from server.photos.models import Photo
from server.privacy.models import DataExport, Erasure
from server.privacy.queries import find_refusal
from server.review.duplicates.models import Follow
from server.review.escalation.models import Overdue
from server.review.queue.models import SavedFilter
from server.review.queue.search import index_submission
from server.review.rectification.models import Evidence, Rectification, RectificationStep
from server.review.submissions.models import Answer, Submission, SubmissionStep
from server.rewards.certificates.models import Certificate
from server.rewards.draws.models import DrawEntry
from server.unions.accounts.models import AuthSession
from server.unions.guesses.models import Guess
from server.unions.people.models import Person, WechatIdentity, WechatUnion

GONE = "已注销"
STRUCK = "××"  # no longer than what it replaces
REMOVED: Sequence[type[Base]] = (
    AuthSession, WechatIdentity, WechatUnion, InboxMessage, SubscribeMessage, Consent, DailyDigest, PracticeCard,
    SavedFilter, DataExport,
)  # fmt: skip
STRIP_JOB, FILE_JOB = "privacy.strip_photo", "privacy.remove_export"
Column = InstrumentedAttribute[Any]


def erase_person(session: Session, erasure_id: UUID, *, now: datetime) -> bool:
    """Forget whoever asked for it and whose days of grace are over. Returns whether it was done now."""
    person_id = session.scalar(select(Erasure.person_id).where(Erasure.id == erasure_id))
    if person_id is None:
        return False
    person = session.get_one(Person, person_id, with_for_update=True)
    erasure = session.get(Erasure, erasure_id, with_for_update=True)
    if erasure is None or erasure.done_at is not None or erasure.due_at > now:
        return False
    if find_refusal(session, person_id) is not None:  # got a post meanwhile: they can ask again without it
        session.delete(erasure)
        session.flush()
        return False
    _strike_out(session, person)
    _remove(session, person_id)
    _blank(session, person_id)
    person.name = person.phone = person.enterprise_id = person.team_id = None
    person.is_active, person.version, person.updated_at = False, person.version + 1, now
    erasure.done_at = now
    session.flush()
    publish(session, Event("person.erased", person_id, now))
    record(session, "person.erased", subject_type="person", subject_id=person_id, actor_id=None, at=now)
    return True


def _remove(session: Session, person_id: UUID) -> None:
    """What nobody but the person needs."""
    for export_id in session.scalars(select(DataExport.id).where(DataExport.person_id == person_id)):
        enqueue(session, FILE_JOB, export_id=export_id)
    for table in REMOVED:
        column = cast(Table, table.__table__).c.person_id
        session.execute(delete(table).where(column == person_id).execution_options(synchronize_session=False))
    own_accord = (Follow.person_id == person_id, Follow.merged_id.is_(None), Follow.is_joint.is_(False))
    session.execute(delete(Follow).where(*own_accord).execution_options(synchronize_session=False))
    session.execute(delete(Guess).where(Guess.subject == f"invite:{person_id.hex}"))


def _blank(session: Session, person_id: UUID) -> None:
    """Names and devices in rows that stay."""
    changes: Sequence[tuple[type[Base], ColumnElement[bool], dict[str, Any]]] = (
        (Certificate, Certificate.person_id == person_id, {"name": "", "enterprise_name": ""}),
        (CoAuthor, CoAuthor.person_id == person_id, {"name": GONE}),
        (DrawEntry, DrawEntry.person_id == person_id, {"label": GONE}),
        (Attempt, Attempt.person_id == person_id, {"device": ""}),
        (
            QuizBoardRow,
            (QuizBoardRow.board == BoardKind.PEOPLE) & (QuizBoardRow.subject_id == person_id),
            {"label": GONE},
        ),
    )
    for table, condition, values in changes:
        session.execute(update(table).where(condition).values(values).execution_options(synchronize_session=False))
    photos = session.scalars(
        update(Photo)
        .where(Photo.owner_id == person_id)
        .values(device=None, latitude=None, longitude=None)
        .returning(Photo.id)
        .execution_options(synchronize_session=False)
    ).all()
    for photo_id in photos:
        enqueue(session, STRIP_JOB, photo_id=photo_id)


def _strike_out(session: Session, person: Person) -> None:
    """The person's own name, number and WeChat ids where they stand in the texts of what they sent."""
    identities = session.scalars(select(WechatIdentity.openid).where(WechatIdentity.person_id == person.id)).all()
    words = [word for word in (person.phone, *identities) if word]
    if person.name and len(person.name) > 1:
        words.append(person.name)
    mine = select(Submission.id).where(Submission.reporter_id == person.id)
    repairs = select(Rectification.id).where(Rectification.submission_id.in_(mine))
    of_mine: Sequence[tuple[ColumnElement[bool], Sequence[Column]]] = (
        (Submission.reporter_id == person.id, (Submission.excerpt, Submission.place)),
        (Hazard.submission_id.in_(mine), (Hazard.description,)),
        (
            Suggestion.submission_id.in_(mine),
            (Suggestion.title, Suggestion.present_state, Suggestion.proposal, Suggestion.benefit),
        ),
        (Answer.submission_id.in_(mine), (Answer.text,)),
        (SubmissionStep.submission_id.in_(mine), (SubmissionStep.public_text, SubmissionStep.internal_note)),
        (Rectification.submission_id.in_(mine), (Rectification.excerpt, Rectification.place)),
        (RectificationStep.rectification_id.in_(repairs), (RectificationStep.text, RectificationStep.note)),
        (Evidence.rectification_id.in_(repairs), (Evidence.text,)),
        (Overdue.submission_id.in_(mine), (Overdue.excerpt, Overdue.place)),
        (AwardObjection.person_id == person.id, (AwardObjection.text, AwardObjection.answer)),
    )
    changed = sum(
        _strike(session, column, condition, word)
        for condition, columns in of_mine
        for column in columns
        for word in words
    )
    if changed:
        for submission_id in session.scalars(mine.where(Submission.arrived_at.is_not(None))).all():
            index_submission(session, submission_id)


def _strike(session: Session, column: Column, condition: ColumnElement[bool], word: str) -> int:
    statement = (
        update(column.class_)
        .where(condition, column.contains(word, autoescape=True))
        .values({column.key: func.replace(column, word, STRUCK)})
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount
