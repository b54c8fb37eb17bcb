"""Writes of accounts."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.core.events import publish
from server.core.text import fold_width
from server.unions.accounts.credentials.passwords import hash_password
from server.unions.accounts.events import SecurityChange, SecurityChanged
from server.unions.accounts.models import Account, RecoveryCode


def normalise_username(username: str) -> str:
    """Login names are told apart without regard to case, width and what cannot be seen."""
    return fold_width(username).casefold()


def find_account(session: Session, username: str) -> Account | None:
    """The account with that login name."""
    return session.scalar(select(Account).where(Account.username == normalise_username(username)))


def find_account_of(session: Session, person_id: UUID) -> Account | None:
    """The account of a person."""
    return session.get(Account, person_id)


def get_account_of(session: Session, person_id: UUID) -> Account:
    """The account of a person. Raises NotFound."""
    account = session.get(Account, person_id)
    if account is None:
        raise NotFound("这个人还没有后台账号。", code="account_not_found")
    return account


def create_account(
    session: Session,
    person_id: UUID,
    username: str,
    password_hash: str,
    *,
    good_until: datetime | None,
    actor_id: UUID | None,
    now: datetime,
) -> Account:
    """Give a person a login name and a password (its hash). Raises Conflict if the name is taken.

    `good_until`: of a one-time password, which must be changed before; None for one of their own.
    """
    account = Account(
        person_id=person_id,
        username=normalise_username(username),
        password_hash=password_hash,
        totp_last_step=0,
        must_change_password=good_until is not None,
        password_expires_at=good_until,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        raise Conflict("这个登录名已经有人用了，请换一个。", code="username_taken") from error
    record(
        session,
        "account.created",
        subject_type="person",
        subject_id=person_id,
        actor_id=actor_id,
        at=now,
        detail={"username": account.username},
    )
    return account


def set_password(
    session: Session,
    account: Account,
    password: str,
    *,
    good_until: datetime | None,
    actor_id: UUID | None,
    now: datetime,
) -> None:
    """Replace a password, by a one-time password if it has a `good_until`.

    The caller has checked its strength and ends the sessions that should end.
    """
    account.password_hash = hash_password(password)
    account.must_change_password, account.password_expires_at = good_until is not None, good_until
    account.updated_at = now
    session.flush()
    record(
        session, "account.password_set", subject_type="person", subject_id=account.person_id, actor_id=actor_id, at=now
    )
    publish_change(session, account, SecurityChange.PASSWORD_SET, actor_id=actor_id, now=now)


def set_totp_secret(
    session: Session, account: Account, secret: str | None, *, last_step: int = 0, actor_id: UUID, now: datetime
) -> None:
    """Switch the second factor on with `secret`, or off with None, which ends its recovery codes too."""
    if secret is None:
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.person_id))
    account.totp_secret, account.totp_last_step, account.updated_at = secret, last_step, now
    session.flush()
    record(
        session,
        "account.totp_on" if secret else "account.totp_off",
        subject_type="person",
        subject_id=account.person_id,
        actor_id=actor_id,
        at=now,
    )
    change = SecurityChange.TOTP_ON if secret else SecurityChange.TOTP_OFF
    publish_change(session, account, change, actor_id=actor_id, now=now)


def publish_change(
    session: Session, account: Account, change: SecurityChange, *, actor_id: UUID | None, now: datetime,
    phone: UUID | None = None,
) -> None:  # fmt: skip
    """Let the owner hear of a change to how their account is signed in to. `phone`: who it was linked to or is."""
    changed = SecurityChanged(
        at=now, actor_id=actor_id, account_id=account.person_id, username=account.username, change=change, phone=phone
    )
    publish(session, changed)
