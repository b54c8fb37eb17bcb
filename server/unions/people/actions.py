"""Writes that reviewers and administrators make about others. Every one is audited."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.unions.accounts.actions import (
    create_account,
    find_account_of,
    get_account_of,
    set_password,
    set_totp_secret,
)
from server.unions.accounts.credentials.passwords import hash_password, one_time_password
from server.unions.accounts.sessions.actions import end_sessions
from server.unions.actor import Actor
from server.unions.people.models import Person, PhoneSource, RoleAssignment
from server.unions.people.permissions import MANAGERS
from server.unions.people.queries import count_other_admins, get_person_in_scope, list_posts
from server.unions.people.rules import check_grant, may_manage
from server.unions.people.schemas import AccountIn, PersonIn
from server.unions.people.selves.queries import note_phone
from server.unions.roles import Role
from server.unions.tree.models import Union
from server.unions.tree.queries import get_enterprise, get_union_in_scope


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A fresh account and its one-time password, to be shown once."""

    person: Person
    username: str
    password: str
    good_until: datetime


def create_reviewer(
    session: Session, content: AccountIn, *, good_until: datetime, actor: Actor, now: datetime
) -> NewAccount:
    """A new person with an account and one role. Raises Conflict for a login name that is taken."""
    union = get_union_in_scope(session, content.union_id, actor)
    check_grant(actor, content.role, union)
    person = Person(
        id=ids.new_id(),
        name=content.name,
        phone=content.phone or None,
        phone_source=PhoneSource.ENTERED,
        is_active=True,
        version=1,
        created_at=now,
        updated_at=now,
    )
    session.add(person)
    session.flush()
    note_phone(session, person, now)
    _record(session, "person.created", person.id, actor, now)
    created = _open_account(session, person, content.username, good_until, actor, now)
    _grant(session, person.id, content.role, union, actor, now)
    return created


def open_account(
    session: Session, person_id: UUID, username: str, *, good_until: datetime, actor: Actor, now: datetime
) -> NewAccount:
    """An account for somebody who is known already."""
    person = get_managed(session, person_id, actor)
    if find_account_of(session, person_id) is not None:
        raise Conflict("这个人已经有账号了。", code="account_exists")
    return _open_account(session, person, username, good_until, actor, now)


def update_person(
    session: Session, person_id: UUID, content: PersonIn, *, version: int, actor: Actor, now: datetime
) -> Person:
    """Set name, phone and enterprise of somebody. An empty phone means that the masked one was left alone."""
    person = get_managed(session, person_id, actor)
    wanted: dict[str, object] = {"name": content.name, "enterprise_id": content.enterprise_id}
    if content.phone and (content.phone != person.phone or person.phone_source is PhoneSource.TYPED):
        wanted |= {"phone": content.phone, "phone_source": PhoneSource.ENTERED}
    if content.enterprise_id is not None and content.enterprise_id != person.enterprise_id:
        get_union_in_scope(session, get_enterprise(session, content.enterprise_id).id, actor)
    changed = {key: value for key, value in wanted.items() if getattr(person, key) != value}
    if person.version != version:
        raise _stale()
    if changed:
        _update(session, person, version, {**changed, "updated_at": now})
        note_phone(session, person, now)
        said = {key.removesuffix("_source") for key in changed}
        _record(session, "person.updated", person_id, actor, now, changed=sorted(said))
    return person


def set_person_active(
    session: Session, person_id: UUID, active: bool, *, version: int, actor: Actor, now: datetime
) -> Person:
    """Shut somebody out, ending their sessions, or let them in again. Nobody shuts themselves out."""
    person = get_managed(session, person_id, actor)
    if not active:
        if person_id == actor.person_id:
            raise Forbidden("不能停用自己的账号。")
        _keep_an_admin(session, person_id)
        end_sessions(session, person_id, actor_id=actor.person_id, now=now)
    _update(session, person, version, {"is_active": active, "updated_at": now})
    _record(session, "person.activated" if active else "person.deactivated", person_id, actor, now)
    return person


def grant_role(session: Session, person_id: UUID, role: Role, union_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let somebody hold a role at a union from their next request on. Raises Conflict if they hold it."""
    get_managed(session, person_id, actor)
    union = get_union_in_scope(session, union_id, actor)
    check_grant(actor, role, union)
    _grant(session, person_id, role, union, actor, now)


def revoke_role(session: Session, person_id: UUID, post_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Take a role away, with effect from the person's next request. The last administrator stays."""
    get_person_in_scope(session, person_id, actor, MANAGERS)
    post = next((one for one in list_posts(session, [person_id]).get(person_id, []) if one.id == post_id), None)
    if post is None:
        raise NotFound("这个角色已经撤销了。", code="role_not_found")
    check_grant(actor, post.role, post.union)
    if post.role is Role.ADMIN:
        _keep_an_admin(session, person_id)
    session.execute(delete(RoleAssignment).where(RoleAssignment.id == post_id))
    _record(session, "role.revoked", person_id, actor, now, role=post.role.value, union_id=str(post.union.id))


def reset_password(
    session: Session, person_id: UUID, *, good_until: datetime, actor: Actor, now: datetime
) -> NewAccount:
    """A one-time password in place of a forgotten one; the person's sessions end."""
    person = get_managed(session, person_id, actor)
    account, password = get_account_of(session, person_id), one_time_password()
    set_password(session, account, password, good_until=good_until, actor_id=actor.person_id, now=now)
    end_sessions(session, person_id, actor_id=actor.person_id, now=now)
    return NewAccount(person, account.username, password, good_until)


def end_all_sessions(session: Session, person_id: UUID, *, actor: Actor, now: datetime) -> None:
    """End every session of somebody, on phones and computers."""
    get_managed(session, person_id, actor)
    end_sessions(session, person_id, actor_id=actor.person_id, now=now)


def switch_totp_off(session: Session, person_id: UUID, *, actor: Actor, now: datetime) -> None:
    """For somebody who lost the phone with the codes. Not for oneself: that takes the password."""
    if person_id == actor.person_id:
        raise Forbidden("请在“我的账号”里关闭自己的动态验证码。")
    get_managed(session, person_id, actor)
    set_totp_secret(session, get_account_of(session, person_id), None, actor_id=actor.person_id, now=now)
    end_sessions(session, person_id, actor_id=actor.person_id, now=now)


def get_managed(session: Session, person_id: UUID, actor: Actor) -> Person:
    """Somebody whom the actor may edit. Raises NotFound out of scope, Forbidden for peers and those above."""
    person = get_person_in_scope(session, person_id, actor, MANAGERS)
    if not may_manage(actor, list_posts(session, [person_id]).get(person_id, [])):
        raise Forbidden("您不能管理同级或上级的审核员。")
    return person


def _open_account(
    session: Session, person: Person, username: str, good_until: datetime, actor: Actor, now: datetime
) -> NewAccount:
    password = one_time_password()
    hashed = hash_password(password)
    create_account(session, person.id, username, hashed, good_until=good_until, actor_id=actor.person_id, now=now)
    return NewAccount(person, username, password, good_until)


def _grant(session: Session, person_id: UUID, role: Role, union: Union, actor: Actor, now: datetime) -> None:
    assignment = RoleAssignment(
        id=ids.new_id(),
        person_id=person_id,
        role=role,
        union_id=union.id,
        granted_by_id=actor.person_id,
        granted_at=now,
    )
    try:
        with session.begin_nested():
            session.add(assignment)
    except IntegrityError as error:
        raise Conflict("这个人已经有这个角色了。", code="role_held_already") from error
    _record(session, "role.granted", person_id, actor, now, role=role.value, union_id=str(union.id))


def _keep_an_admin(session: Session, person_id: UUID) -> None:
    is_admin = session.scalar(
        select(RoleAssignment.id)
        .where(RoleAssignment.person_id == person_id, RoleAssignment.role == Role.ADMIN)
        .limit(1)
    )
    if is_admin is not None and count_other_admins(session, person_id) == 0:
        raise Conflict("这是最后一位管理员，不能停用或撤销。请先设置另一位管理员。", code="last_admin")


def _update(session: Session, person: Person, version: int, values: dict[str, object]) -> None:
    changed = session.execute(
        update(Person)
        .where(Person.id == person.id, Person.version == version)
        .values(**values, version=Person.version + 1)
        .returning(Person.id)
        .execution_options(synchronize_session=False)
    ).first()
    if changed is None:
        raise _stale()
    session.refresh(person)


def _record(session: Session, action: str, person_id: UUID, actor: Actor, now: datetime, **detail: object) -> None:
    record(
        session, action, subject_type="person", subject_id=person_id, actor_id=actor.person_id, at=now, detail=detail
    )


def _stale() -> Conflict:
    return Conflict("这个人的资料刚被别人改过，请刷新后再改。", code="stale")
