"""Writes: what coverage is divided by, and who answers for safety."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.oversight.coverage.models import Denominator, DenominatorSource, NamedOfficer
from server.oversight.coverage.permissions import MAY_ENTER
from server.oversight.coverage.queries import find_last_denominator
from server.oversight.coverage.schemas import DenominatorIn, OfficerIn
from server.oversight.coverage.texts import DAY_TO_COME
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.roles import Level, Role
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union_in_scope


def get_enterprise(session: Session, enterprise_id: UUID, actor: Actor) -> Union:
    """An enterprise within the actor's subtrees. Raises NotFound, for unions of other levels too."""
    union = get_union_in_scope(session, enterprise_id, actor)
    if union.level is not Level.ENTERPRISE:
        raise NotFound
    return union


def enter_denominator(
    session: Session, enterprise_id: UUID, content: DenominatorIn, *, actor: Actor, now: datetime,
    source: DenominatorSource | None = None,
) -> Denominator:  # fmt: skip
    """Keep what an enterprise had on a day, as it was signed. Raises Invalid for a day to come."""
    union = get_enterprise(session, enterprise_id, actor)
    if not actor.holds_over(union, MAY_ENTER):
        raise Forbidden("您不能填写这家企业的职工数。")
    if content.as_of > day_of(now):
        raise Invalid(fields={"as_of": DAY_TO_COME})
    return keep_denominator(
        session, union, content, source=source or _source(actor, union), entered_by_id=actor.person_id,
        actor_id=actor.person_id, now=now,
    )  # fmt: skip


def keep_denominator(
    session: Session, union: Union, content: DenominatorIn, *, source: DenominatorSource, entered_by_id: UUID,
    actor_id: UUID | None, now: datetime, is_corrected: bool = False,
) -> Denominator:  # fmt: skip
    """Write a row that was judged before. `entered_by_id` said it, `actor_id` made it hold."""
    row = Denominator(
        id=ids.new_id(), enterprise_id=union.id, entered_by_id=entered_by_id, entered_at=now, source=source,
        **content.model_dump(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    newest = find_last_denominator(session, union.id) or row
    if newest is row or is_corrected:
        _keep_headcount(session, union, newest.own + newest.dispatched + newest.contractors, now)
    record(
        session, "coverage.denominator_corrected" if is_corrected else "coverage.denominator_entered",
        subject_type="union", subject_id=union.id, actor_id=actor_id, at=now,
        detail={"headcount": row.own + row.dispatched + row.contractors, "as_of": row.as_of.isoformat()},
    )  # fmt: skip
    return row


def _source(actor: Actor, union: Union) -> DenominatorSource:
    at_home = any(each.role is Role.ENTERPRISE_REVIEWER and each.union_id == union.id for each in actor.roles)
    return DenominatorSource.ENTERPRISE if at_home else DenominatorSource.UNION


def _keep_headcount(session: Session, union: Union, headcount: int, now: datetime) -> None:
    """The page of the union says the same: nobody is asked twice. Its version moves, so that an older page of it does
    not put the old number back."""
    if union.headcount != headcount:
        session.execute(
            update(Union)
            .where(Union.id == union.id)
            .values(headcount=headcount, version=Union.version + 1, updated_at=now)
        )


def name_officer(
    session: Session, enterprise_id: UUID, content: OfficerIn, *, actor: Actor, now: datetime
) -> NamedOfficer:
    """Name one more who answers for safety. Raises Conflict for one who is named already."""
    union = get_enterprise(session, enterprise_id, actor)
    if not actor.holds_over(union, MAY_ENTER):
        raise Forbidden("您不能填写这家企业的安全负责人。")
    officer = NamedOfficer(
        id=ids.new_id(), enterprise_id=union.id, name=content.name, post=content.post,
        person_id=_find_person(session, union.id, content.name), named_by_id=actor.person_id, named_at=now,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(officer)
    except IntegrityError as error:
        raise Conflict("这个人已经登记为安全负责人。", code="named_already") from error
    record(
        session, "coverage.officer_named", subject_type="union", subject_id=union.id, actor_id=actor.person_id, at=now
    )  # fmt: skip
    return officer


def _find_person(session: Session, enterprise_id: UUID, name: str) -> UUID | None:
    """The one person of that name at the enterprise, so that what is kept of them is known to be theirs."""
    people: Sequence[UUID] = session.scalars(
        select(Person.id).where(Person.enterprise_id == enterprise_id, Person.name == name).limit(2)
    ).all()
    return people[0] if len(people) == 1 else None


def end_officer(session: Session, officer_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """They answer for safety no more. Returns their enterprise."""
    officer = session.get(NamedOfficer, officer_id, with_for_update=True, populate_existing=True)
    if officer is None or officer.ended_at is not None:
        raise NotFound
    union = get_enterprise(session, officer.enterprise_id, actor)
    if not actor.holds_over(union, MAY_ENTER):
        raise Forbidden("您不能填写这家企业的安全负责人。")
    officer.ended_at = now
    session.flush()
    record(
        session, "coverage.officer_ended", subject_type="union", subject_id=union.id, actor_id=actor.person_id, at=now
    )  # fmt: skip
    return union.id
