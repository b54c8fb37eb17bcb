"""Forgetting a person: what only they need is removed, what others rely on stays without them.

Kept are the hazards and suggestions as a record of safety, and awards, payments, points and prizes as records that the
law asks for; all of them lead to a row without a name. The audit log holds ids alone.
"""

import json
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import JSON, Column, CursorResult, Table, Text, and_, delete, func, or_, select, update
from sqlalchemy import cast as cast_as
from sqlalchemy.orm import Session

from server.channels.official_account.chat.followers import forget_person
from server.core.audit.actions import record
from server.core.jobs.actions import enqueue
from server.core.slice import STRUCK, PersonalRows, declared
from server.kit.documents.actions import forget_files
from server.kit.documents.models import Document
from server.kit.files.actions import strip_pictures
from server.photos.models import Photo
from server.privacy.models import DataExport, Erasure
from server.privacy.queries import find_refusal
from server.review.search.actions import index_submission
from server.review.submissions.actions import requeue_unanswerable
from server.review.submissions.models import Submission
from server.unions.people.models import Person, WechatIdentity

STRIP_JOB, FILE_JOB = "privacy.strip_photo", "privacy.remove_export"


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
    requeue_unanswerable(session, person_id, now=now)
    _forget_papers(session, person_id)
    forget_person(session, person_id)
    record(session, "person.erased", subject_type="person", subject_id=person_id, actor_id=None, at=now)
    return True


def _forget_papers(session: Session, person_id: UUID) -> None:
    """Files of documents whose words they are struck out of are made anew."""
    for personal in declared().personal:
        if personal.model is Document:
            forget_files(session, personal.rows(person_id))


def _remove(session: Session, person_id: UUID) -> None:
    """What nobody but the person needs."""
    for export_id in session.scalars(select(DataExport.id).where(DataExport.person_id == person_id)):
        enqueue(session, FILE_JOB, export_id=export_id)
    for personal in declared().personal:
        if personal.is_removed:
            session.execute(
                delete(personal.model).where(personal.rows(person_id)).execution_options(synchronize_session=False)
            )


def _blank(session: Session, person_id: UUID) -> None:
    """Names and devices in rows that stay."""
    for personal in declared().personal:
        if personal.blanked:
            session.execute(
                update(personal.model)
                .where(personal.rows(person_id))
                .values(dict(personal.blanked))
                .execution_options(synchronize_session=False)
            )
    for photo_id in session.scalars(select(Photo.id).where(Photo.owner_id == person_id)):
        enqueue(session, STRIP_JOB, photo_id=photo_id)
    strip_pictures(session, person_id)


def _strike_out(session: Session, person: Person) -> None:
    """The person's own name, number and WeChat ids where they stand in the texts of what they sent."""
    identities = session.scalars(select(WechatIdentity.openid).where(WechatIdentity.person_id == person.id)).all()
    words = [word for word in (person.phone, *identities) if word]
    if person.name and len(person.name) > 1:
        words.append(person.name)
    changed = sum(
        _strike(session, personal, column, word, person.id)
        for personal in declared().personal
        for column in personal.struck
        for word in words
    )
    if changed:
        arrived = select(Submission.id).where(Submission.reporter_id == person.id, Submission.arrived_at.is_not(None))
        for submission_id in session.scalars(arrived).all():
            index_submission(session, submission_id)


def _strike(session: Session, personal: PersonalRows, name: str, word: str, person_id: UUID) -> int:
    column = cast(Table, personal.model.__table__).c[name]
    if isinstance(column.type, JSON):
        return _strike_json(session, personal, column, word, person_id)
    statement = (
        update(personal.model)
        .where(personal.rows(person_id), column.contains(word, autoescape=True))
        .values({name: func.replace(column, word, STRUCK)})
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def _strike_json(
    session: Session, personal: PersonalRows, column: Column[Any], word: str, person_id: UUID
) -> int:  # fmt: skip
    """The same within what is kept as JSON, whose text may have the letters of a word escaped."""
    plain, escaped = json.dumps(word, ensure_ascii=False)[1:-1], json.dumps(word)[1:-1]
    text = cast_as(column, Text)
    holds = or_(*(text.contains(each, autoescape=True) for each in {plain, escaped}))
    key = list(cast(Table, personal.model.__table__).primary_key.columns)
    found = session.execute(select(*key, column).where(personal.rows(person_id), holds)).all()
    for row in found:
        struck = json.loads(json.dumps(row[-1], ensure_ascii=False).replace(plain, STRUCK))
        is_it = and_(*(part == value for part, value in zip(key, row[:-1], strict=True)))
        session.execute(update(column.table).where(is_it).values({column: struck}))
    return len(found)
