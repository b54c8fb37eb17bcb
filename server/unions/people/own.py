"""Writes that people make about themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.unions.people.models import Person, WechatIdentity
from server.unions.people.queries import find_person_by_wechat, get_person
from server.unions.people.schemas import MePatch
from server.unions.tree.models import Union


def admit_wechat_user(session: Session, app_id: str, openid: str, unionid: str | None, *, now: datetime) -> Person:
    """The person behind a WeChat identity, created at the first sight. Two sights at once make one person."""
    person = find_person_by_wechat(session, app_id, openid)
    if person is not None:
        return person
    try:
        with session.begin_nested():
            return add_wechat_user(session, app_id, openid, unionid, now=now)
    except IntegrityError:  # somebody signed in with the same identity at this very moment
        person = find_person_by_wechat(session, app_id, openid)
        if person is None:
            raise
        return person


def add_wechat_user(session: Session, app_id: str, openid: str, unionid: str | None, *, now: datetime) -> Person:
    """A new person with a WeChat identity and nothing else."""
    person = Person(id=ids.new_id(), is_active=True, version=1, created_at=now, updated_at=now)
    session.add(person)
    session.flush()
    session.add(
        WechatIdentity(
            id=ids.new_id(), person_id=person.id, app_id=app_id, openid=openid, unionid=unionid, created_at=now
        )
    )
    session.flush()
    record(session, "person.created", subject_type="person", subject_id=person.id, actor_id=person.id, at=now)
    return person


def change_own_details(session: Session, person_id: UUID, patch: MePatch, *, now: datetime) -> Person:
    """Set or clear one's own name and phone, as far as the patch names them."""
    person = get_person(session, person_id)
    wanted = {key: getattr(patch, key) or None for key in patch.model_fields_set}
    changed = sorted(key for key, value in wanted.items() if getattr(person, key) != value)
    if changed:
        for key in changed:
            setattr(person, key, wanted[key])
        _touch(person, now)
        session.flush()
        record(
            session,
            "person.updated",
            subject_type="person",
            subject_id=person_id,
            actor_id=person_id,
            at=now,
            detail={"changed": changed},
        )
    return person


def bind_to_enterprise(session: Session, person_id: UUID, enterprise: Union, *, by: str, now: datetime) -> Person:
    """Belong to `enterprise` from now on. `by` tells how it was named: search or invite."""
    person = get_person(session, person_id)
    if person.enterprise_id != enterprise.id:
        previous = person.enterprise_id
        person.enterprise_id, person.team_id = enterprise.id, None
        _touch(person, now)
        session.flush()
        record(
            session,
            "person.bound",
            subject_type="person",
            subject_id=person_id,
            actor_id=person_id,
            at=now,
            detail={"enterprise_id": str(enterprise.id), "previous": str(previous) if previous else None, "by": by},
        )
    return person


def _touch(person: Person, now: datetime) -> None:
    person.version += 1
    person.updated_at = now
