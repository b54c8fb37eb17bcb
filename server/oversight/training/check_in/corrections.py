"""What the trainer says of who was there, each with a reason, and what a test says."""

from datetime import datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict
from server.core.text import search_key
from server.kit.scope import ancestors_of
from server.oversight.training import rules
from server.oversight.training.models import Attendance, CheckInMeans, ConfirmedBy, TrainingSession
from server.oversight.training.queries import get_attendance, get_session
from server.oversight.training.rules import Flag
from server.oversight.training.schemas import AddIn, CorrectIn
from server.oversight.training.workflow import require_leader, require_open
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.rules import ANCESTOR_COLUMNS

LISTED = "名单里已经有这个人了。同名的另一个人，请写上手机号。"


def hold_open(session: Session, session_id: UUID, actor: Actor) -> TrainingSession:
    """A session whose list of people the actor may change, locked. Raises NotFound, Forbidden, Conflict."""
    row = get_session(session, session_id, actor, lock=True)
    require_leader(row, actor)
    require_open(row)
    return row


def new_attendance(
    row: TrainingSession, *, name: str, phone: str | None, enterprise: Union | None, enterprise_name: str,
    person: Person | None, means: CheckInMeans, at: datetime, place: Union, actor: Actor, now: datetime,
) -> Attendance:  # fmt: skip
    """A row for somebody whom the trainer, or a sheet, names. `place`: where they count who belong to no enterprise."""
    who = rules.identify(
        person_id=person.id if person is not None else None, enterprise_id=enterprise.id if enterprise else None,
        enterprise=enterprise_name, name=name, phone=phone,
    )  # fmt: skip
    return Attendance(
        id=ids.new_id(), session_id=row.id, person_id=person.id if person is not None else None, who=who, name=name,
        phone=phone, enterprise_name=enterprise.name if enterprise else enterprise_name,
        team_id=person.team_id if person is not None else None, kind=row.kind, held_on=day_of(row.starts_at),
        means=means, checked_in_at=at, flags=[] if enterprise is not None else [str(Flag.NOT_IN_TREE)],
        recorded_by_id=actor.person_id, created_at=now, updated_at=now, **ancestors_of(enterprise or place),
    )  # fmt: skip


def add_by_trainer(session: Session, session_id: UUID, form: AddIn, *, actor: Actor, now: datetime) -> Attendance:
    """Write down somebody who was there. Raises Conflict for who is on the list."""
    row = hold_open(session, session_id, actor)
    enterprise = find_enterprise_called(session, row, form.enterprise)
    made = new_attendance(
        row, name=form.name, phone=form.phone or None, enterprise=enterprise, enterprise_name=form.enterprise,
        person=None, means=CheckInMeans.TRAINER, at=min(now, row.ends_at),
        place=session.get_one(Union, row.organiser_id), actor=actor, now=now,
    )  # fmt: skip
    made.post, made.note = form.post, form.reason
    made.confirmed_by, made.confirmed_at = ConfirmedBy.TRAINER, now
    rules.settle(made)
    if _is_listed(session, made):
        raise Conflict(LISTED, code="known_already")
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError as error:
        raise Conflict(LISTED, code="known_already") from error
    _note(session, "training.attendance_added", row, made, actor, now)
    return made


def _is_listed(session: Session, made: Attendance) -> bool:
    """Whether the list has them already, by the code of their own phone or from a sheet: by name and number, or where
    none is said by name and enterprise. A number alone says nothing: some give that of their foreman."""
    place = Attendance.phone == made.phone if made.phone else Attendance.enterprise_name == made.enterprise_name
    same = Attendance.session_id == made.session_id, Attendance.name_key == search_key(made.name), place
    return session.scalar(select(Attendance.id).where(*same).limit(1)) is not None


def below(table: Any, row: TrainingSession) -> ColumnElement[bool]:
    """Whether something lies in the subtree of the union that holds a session: a session lies where that does."""
    column = next(name for name in reversed(ANCESTOR_COLUMNS) if getattr(row, name) is not None)
    return cast(ColumnElement[bool], getattr(table, column) == getattr(row, column))


def find_enterprise_called(session: Session, row: TrainingSession, name: str) -> Union | None:
    """The one active enterprise of that name, or short name, below the organiser; the organiser itself if it is one and
    none is named."""
    if not name:
        return session.get(Union, row.enterprise_id) if row.enterprise_id is not None else None
    found = session.scalars(
        select(Union)
        .where(below(Union, row), Union.enterprise_id == Union.id, Union.is_active.is_(True))
        .where((Union.name == name) | (Union.short_name == name))
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def correct(
    session: Session, session_id: UUID, attendance_id: UUID, form: CorrectIn, *, actor: Actor, now: datetime
) -> None:
    """Change what is known of somebody, with a reason."""
    row = hold_open(session, session_id, actor)
    found = get_attendance(session, row.id, attendance_id)
    found.post, found.team, found.is_officer = form.post, form.team, form.is_officer
    found.is_struck, found.note, found.updated_at = form.struck, form.reason, now
    if form.stayed and found.confirmed_by is None:
        found.confirmed_by, found.confirmed_at = ConfirmedBy.TRAINER, now
    if not form.stayed and found.confirmed_by is ConfirmedBy.TRAINER:
        found.confirmed_by = found.confirmed_at = None
    rules.settle(found)
    session.flush()
    _note(session, "training.attendance_corrected", row, found, actor, now)


def confirm_rest(session: Session, session_id: UUID, *, actor: Actor, now: datetime) -> int:
    """The trainer's word for all who came and of whom nobody knows yet whether they stayed."""
    row = hold_open(session, session_id, actor)
    rest = session.scalars(
        select(Attendance).where(
            Attendance.session_id == row.id, Attendance.confirmed_by.is_(None), Attendance.is_struck.is_(False)
        )
    ).all()
    for each in rest:
        each.confirmed_by, each.confirmed_at, each.updated_at = ConfirmedBy.TRAINER, now, now
        rules.settle(each)
    session.flush()
    record(
        session, "training.rest_confirmed", subject_type="training", subject_id=row.id, actor_id=actor.person_id,
        at=now, detail={"rows": len(rest)},
    )  # fmt: skip
    return len(rest)


def confirm_by_test(session: Session, attendance_id: UUID, score: Decimal, *, is_passed: bool, now: datetime) -> None:
    """What a test says of somebody who came: their best mark, and if they passed, that they stayed. For the slice of
    tests, which holds the session."""
    found = session.get_one(Attendance, attendance_id, with_for_update=True, populate_existing=True)
    found.score, found.updated_at = max(found.score or score, score), now
    if is_passed and found.confirmed_by is None:
        found.confirmed_by, found.confirmed_at = ConfirmedBy.TEST, now
    rules.settle(found)
    session.flush()


def _note(session: Session, action: str, row: TrainingSession, found: Attendance, actor: Actor, now: datetime) -> None:
    record(
        session, action, subject_type="training", subject_id=row.id, actor_id=actor.person_id, at=now,
        detail={"attendance_id": str(found.id)},
    )  # fmt: skip
