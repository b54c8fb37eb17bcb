"""Checking passwords and codes. Each attempt is noted as failed before it is checked, in a transaction of its own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import Unauthorized
from server.core.web.unit_of_work import independent_transaction
from server.unions.accounts.actions import normalise_username
from server.unions.accounts.credentials.passwords import verify_password
from server.unions.accounts.credentials.recovery_codes import use_recovery_code
from server.unions.accounts.models import Account
from server.unions.people.models import Person
from server.unions.sign_in.attempts.origins import Origin, find_origin
from server.unions.sign_in.second_factor.totp import matching_step
from server.unions.throttle.actions import begin_attempt, refuse_until, take_turns
from server.unions.throttle.queries import list_failures
from server.unions.throttle.rules import (
    MANY_CODES,
    MANY_NAMES,
    UNDER_ATTACK,
    USUAL,
    is_under_attack,
    wait_until,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account as it was when its password was checked."""

    person_id: UUID
    username: str
    password_hash: str
    totp_secret: str | None
    must_change_password: bool
    password_expires_at: datetime | None
    updated_at: datetime


def check_password(username: str, password: str, now: datetime) -> Candidate:
    """The account behind a login name and its password.

    Raises TooMany with the time from which on it may be tried again, Unauthorized `wrong_credentials` otherwise; the
    answer and the time it takes do not tell an unknown name from a wrong password, nor from an expired one.
    """
    username = normalise_username(username)
    with independent_transaction() as session:
        candidate = _find_candidate(session, username)
        origin = find_origin(candidate.person_id if candidate else None)
        take_turns(session, subject=f"account:{username}", origin=origin.key)
        _refuse_password_guessing(session, f"account:{username}", origin, now)
        begin_attempt(session, subject=f"account:{username}", origin=origin.key, now=now)

    is_right = verify_password(candidate.password_hash if candidate else None, password)
    if candidate is not None and is_right and not _is_expired(candidate, now):
        return candidate
    _record_failure(candidate.person_id if candidate else None, "password", now)
    raise Unauthorized(
        "登录名或密码不对，请核对后再试。一次性密码过了有效期也不能用，请联系管理员重置。", code="wrong_credentials"
    )


def check_code(candidate: Candidate, code: str, now: datetime) -> None:
    """Use up a code of the second factor, or a recovery code in its place. Each is good once.

    Raises TooMany, Unauthorized `wrong_code`.
    """
    origin = find_origin(candidate.person_id)
    subject = f"totp:{candidate.person_id.hex}"
    with independent_transaction() as session:
        take_turns(session, subject=subject, origin=origin.key)
        refuse_until(wait_until(list_failures(session, now, subject=subject, origin=origin.key), USUAL, now), "验证码")
        if not origin.known:
            refuse_until(wait_until(list_failures(session, now, subject=subject), MANY_CODES, now), "验证码")
        begin_attempt(session, subject=subject, origin=origin.key, now=now)
    step = matching_step(candidate.totp_secret or "", code, now)
    with independent_transaction() as session:
        if step is not None and _use_step(session, candidate.person_id, step):
            return
        if candidate.totp_secret and use_recovery_code(session, candidate.person_id, code, now):
            return
    _record_failure(candidate.person_id, "totp", now)
    raise Unauthorized("验证码不对或者已经用过，请等下一个验证码，或者换一个备用码。", code="wrong_code")


def _is_expired(candidate: Candidate, now: datetime) -> bool:
    return candidate.password_expires_at is not None and candidate.password_expires_at <= now


def _find_candidate(session: Session, username: str) -> Candidate | None:
    row = session.execute(
        select(
            Account.person_id,
            Account.username,
            Account.password_hash,
            Account.totp_secret,
            Account.must_change_password,
            Account.password_expires_at,
            Account.updated_at,
        )
        .join(Person, Person.id == Account.person_id)
        .where(Account.username == username, Person.is_active.is_(True))
    ).first()
    return Candidate(*row) if row else None


def find_candidate_of(session: Session, person_id: UUID) -> Candidate | None:
    """The account of a person who may sign in."""
    username = session.scalar(select(Account.username).where(Account.person_id == person_id))
    return _find_candidate(session, username) if username else None


def _refuse_password_guessing(session: Session, subject: str, origin: Origin, now: datetime) -> None:
    own = list_failures(session, now, subject=subject, origin=origin.key)
    if origin.known:
        refuse_until(wait_until(own, USUAL, now), "密码")
        return
    attacked = is_under_attack(list_failures(session, now, subject=subject), now)
    refuse_until(wait_until(own, UNDER_ATTACK if attacked else USUAL, now), "密码")
    refuse_until(wait_until(list_failures(session, now, origin=origin.key), MANY_NAMES, now), "密码")


def _use_step(session: Session, person_id: UUID, step: int) -> bool:
    used = session.execute(
        update(Account)
        .where(Account.person_id == person_id, Account.totp_last_step < step)
        .values(totp_last_step=step)
        .returning(Account.person_id)
    ).first()
    return used is not None


def _record_failure(person_id: UUID | None, factor: str, now: datetime) -> None:
    """What was typed as a name is not kept: people type passwords there."""
    with independent_transaction() as session:
        record(
            session,
            "sign_in.failed",
            subject_type="person",
            subject_id=person_id or "unknown",
            actor_id=None,
            at=now,
            detail={"factor": factor},
        )
