"""Writes that people make about themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.db import upsert
from server.core.errors import Conflict
from server.unions.people.models import OtherWorkplace, Person, PhoneSource, WechatIdentity, WechatUnion
from server.unions.people.queries import (
    find_person_by_unionid,
    find_person_by_wechat,
    get_person,
    list_other_workplaces,
)
from server.unions.people.schemas import MePatch
from server.unions.people.selves.queries import note_unionid
from server.unions.tree.models import Union


def admit_wechat_user(session: Session, app_id: str, openid: str, unionid: str | None, *, now: datetime) -> Person:
    """The person behind a WeChat identity: the one known by it, else by its unionid, else a new one.

    Two sights at once make one person.
    """
    person = find_person_by_wechat(session, app_id, openid)
    if person is not None:
        if unionid is not None:
            _note_unionid(session, person, app_id, openid, unionid, now)
        return person
    try:
        with session.begin_nested():
            return _add_wechat_user(session, app_id, openid, unionid, now)
    except IntegrityError:  # somebody signed in with the same identity at this very moment
        person = find_person_by_wechat(session, app_id, openid)
        if person is None:
            raise
        return person


def _add_wechat_user(session: Session, app_id: str, openid: str, unionid: str | None, now: datetime) -> Person:
    """An identity of whoever has the unionid; without one, of a new person with nothing else."""
    person = find_person_by_unionid(session, unionid) if unionid is not None else None
    if person is None:
        person = Person(id=ids.new_id_of_day(now), is_active=True, version=1, created_at=now, updated_at=now)
        session.add(person)
        session.flush()
        if unionid is not None and not _claim_unionid(session, unionid, person.id, now):
            session.delete(person)  # a sight through another application was quicker
            session.flush()
            session.expire_all()
            return _add_wechat_user(session, app_id, openid, unionid, now)
        record(session, "person.created", subject_type="person", subject_id=person.id, actor_id=person.id, at=now)
    else:
        _record_joined(session, person.id, app_id, now)
    session.add(
        WechatIdentity(
            id=ids.new_id(), person_id=person.id, app_id=app_id, openid=openid, unionid=unionid, created_at=now
        )
    )
    session.flush()
    if unionid is not None:
        note_unionid(session, unionid, person.id, now)
    return person


def _note_unionid(session: Session, person: Person, app_id: str, openid: str, unionid: str, now: datetime) -> None:
    """An application told the unionid of somebody it had known without. Two people stay two; the first one keeps it."""
    noted = session.scalar(
        update(WechatIdentity)
        .where(WechatIdentity.app_id == app_id, WechatIdentity.openid == openid, WechatIdentity.unionid.is_(None))
        .values(unionid=unionid)
        .returning(WechatIdentity.id)
    )
    if noted is None:
        return
    note_unionid(session, unionid, person.id, now)
    if _claim_unionid(session, unionid, person.id, now):
        _record_joined(session, person.id, app_id, now)


def _claim_unionid(session: Session, unionid: str, person_id: UUID, now: datetime) -> bool:
    """Whether the unionid is this person's from now on: the first claim wins, a later one waits for it and loses."""
    claim = upsert(WechatUnion).values(unionid=unionid, person_id=person_id, created_at=now)
    claimed = session.scalar(claim.on_conflict_do_nothing(index_elements=["unionid"]).returning(WechatUnion.unionid))
    return claimed is not None


def _record_joined(session: Session, person_id: UUID, app_id: str, now: datetime) -> None:
    record(
        session,
        "person.wechat_joined",
        subject_type="person",
        subject_id=person_id,
        actor_id=person_id,
        at=now,
        detail={"app_id": app_id},
    )


def change_own_details(session: Session, person_id: UUID, patch: MePatch, *, now: datetime) -> Person:
    """Set or clear one's own name and phone, as far as the patch names them."""
    person = get_person(session, person_id)
    wanted = {key: getattr(patch, key) or None for key in patch.model_fields_set}
    changed = sorted(key for key, value in wanted.items() if getattr(person, key) != value)
    if changed:
        for key in changed:
            setattr(person, key, wanted[key])
        if "phone" in changed:
            person.phone_source = PhoneSource.TYPED
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
        _drop_workplace(session, person_id, enterprise.id, now)
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


MOST_WORKPLACES = 5


def name_workplace(session: Session, person_id: UUID, enterprise: Union, *, now: datetime) -> Person:
    """Say that one works at `enterprise` too. Nothing happens if that is known, or one belongs there. Raises Conflict
    for one too many."""
    person = get_person(session, person_id)
    known = [union.id for union in list_other_workplaces(session, person_id)]
    if enterprise.id in known or enterprise.id == person.enterprise_id:
        return person
    if len(known) >= MOST_WORKPLACES:
        raise Conflict(f"最多填 {MOST_WORKPLACES} 家，先去掉一家不去了的。", code="too_many_workplaces")
    try:
        with session.begin_nested():
            session.add(OtherWorkplace(person_id=person_id, enterprise_id=enterprise.id, added_at=now))
    except IntegrityError:  # another phone of theirs said so at this very moment
        return person
    _record_workplace(session, "person.named_workplace", person_id, enterprise.id, now)
    return person


def leave_workplace(session: Session, person_id: UUID, enterprise_id: UUID, *, now: datetime) -> Person:
    """Not work there any more. Nothing happens if nobody said so."""
    _drop_workplace(session, person_id, enterprise_id, now)
    return get_person(session, person_id)


def _drop_workplace(session: Session, person_id: UUID, enterprise_id: UUID, now: datetime) -> None:
    gone = session.scalar(
        delete(OtherWorkplace)
        .where(OtherWorkplace.person_id == person_id, OtherWorkplace.enterprise_id == enterprise_id)
        .returning(OtherWorkplace.enterprise_id)
    )
    if gone is not None:
        _record_workplace(session, "person.left_workplace", person_id, enterprise_id, now)


def _record_workplace(session: Session, action: str, person_id: UUID, enterprise_id: UUID, now: datetime) -> None:
    record(
        session, action, subject_type="person", subject_id=person_id, actor_id=person_id, at=now,
        detail={"enterprise_id": str(enterprise_id)},
    )  # fmt: skip


def _touch(person: Person, now: datetime) -> None:
    person.version += 1
    person.updated_at = now
