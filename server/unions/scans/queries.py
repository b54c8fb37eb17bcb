"""Reads of codes and linked phones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.orm import Session

from server.core.errors import Forbidden, NotFound
from server.core.prepared import Prepared
from server.unions.accounts.sessions.tokens import hash_token
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS
from server.unions.scans.models import LinkedPhone, Scan
from server.unions.sign_in.attempts.checking import Candidate, find_candidate_of
from server.unions.tree.models import Union


def find_scan_of_browser(session: Session, browser: str, now: datetime) -> Scan | None:
    """The code that this browser shows, None once it has run out."""
    return session.scalar(select(Scan).where(Scan.browser_hash == hash_token(browser), Scan.expires_at > now))


def get_scan_by_code(session: Session, code: str, now: datetime) -> Scan:
    """The code on a screen. Raises NotFound for one that never was, or has run out."""
    scan = session.scalar(select(Scan).where(Scan.code_hash == hash_token(code), Scan.expires_at > now))
    if scan is None:
        raise scan_expired()
    return scan


def get_account_for(session: Session, scan: Scan, person_id: UUID) -> Candidate:
    """The account that somebody who scans is asked about. Raises Forbidden if they have none, or if its
    password must be changed first."""
    account_id = scan.account_id or linked_account_of(session, person_id)
    candidate = find_candidate_of(session, account_id) if account_id is not None else None
    if candidate is None:
        raise Forbidden(
            "你还没有管理端账号，不能扫码登录。审核员请先用密码登录，在“我的账号”里绑定这部手机。", code="no_account"
        )
    if candidate.must_change_password:  # whoever holds the phone would choose the password
        raise Forbidden(
            "这个账号还在用一次性密码，不能扫码登录。请先在电脑上用登录名和一次性密码登录，设好自己的密码。",
            code="password_must_change",
        )
    return candidate


def linked_account_of(session: Session, person_id: UUID) -> UUID | None:
    """The account that a worker's sign-in was linked to, by somebody who knew its password. Nothing else will do."""
    return session.scalar(select(LinkedPhone.account_id).where(LinkedPhone.person_id == person_id))


def list_linked_phones(session: Session, account_id: UUID) -> Sequence[tuple[LinkedPhone, Person]]:
    """The phones that may sign in to an account."""
    rows = session.execute(
        select(LinkedPhone, Person)
        .join(Person, Person.id == LinkedPhone.person_id)
        .where(LinkedPhone.account_id == account_id)
        .order_by(LinkedPhone.linked_at)
        .limit(100)
    )
    return [(link, person) for link, person in rows]


def scan_expired() -> NotFound:
    """What is said of a code that is no good any more."""
    return NotFound("二维码已过期，请在电脑上换一个再扫。", code="scan_expired")


def as_reviewer(session: Session, actor: Actor) -> Actor:
    """A worker's phone, as the reviewer to whose account it may sign in: the account's person, with their roles of this
    moment. Without a linked account the actor comes back as they are, and holds none. One statement."""
    rows = _OFFICER.execute(session.connection(), {"holder_id": actor.person_id})
    if not rows:
        return actor
    account_id, name = rows[0][:2]
    roles = tuple(dict.fromkeys(RoleAt(role, union_id, level, union) for _, _, role, union_id, level, union in rows))
    return replace(actor, person_id=account_id, name=name, roles=roles, other_ids=actor.own_ids - {account_id})


_PEOPLE, _ROLES = cast(Table, Person.__table__).c, cast(Table, RoleAssignment.__table__).c
_LINKS, _UNIONS = cast(Table, LinkedPhone.__table__).c, cast(Table, Union.__table__).c
_OFFICER = Prepared(  # the phone's home asks it each time
    select(_PEOPLE.id, _PEOPLE.name, _ROLES.role, _UNIONS.id, _UNIONS.level, _UNIONS.name)
    .where(
        _LINKS.person_id == bindparam("holder_id"),
        _PEOPLE.id == _LINKS.account_id,
        _ROLES.person_id == _PEOPLE.id,
        _UNIONS.id == _ROLES.union_id,
        _PEOPLE.is_active.is_(True),
        _UNIONS.is_active.is_(True),
        or_(*(_ROLES.role == role for role in sorted(REVIEWERS))),
    )
    .order_by(_ROLES.granted_at, _ROLES.id)
)
