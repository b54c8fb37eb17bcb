"""Writes of sessions: started at sign-in, ended by their owner, by an administrator or by time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import NotFound
from server.core.events import publish
from server.unions.accounts.events import SessionsEnded
from server.unions.accounts.models import AuthSession, Door
from server.unions.accounts.sessions.tokens import hash_token, new_token

KEPT_AFTER_END = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The device at the other end, as it presents itself."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A session just started; `token` is shown once and never stored."""

    token: str
    session_id: UUID
    expires_at: datetime


def start_session(
    session: Session, person_id: UUID, *, door: Door, visitor: Visitor, lifetime: timedelta, now: datetime
) -> Started:
    """Start a session for a person who has just proved who they are."""
    started = Started(new_token(), ids.new_id(), now + lifetime)
    session.execute(
        insert(AuthSession).values(
            id=started.session_id,
            person_id=person_id,
            door=door,
            token_hash=hash_token(started.token),
            user_agent=visitor.user_agent[:200],
            address=visitor.address[:45],
            created_at=now,
            last_seen_at=now,
            expires_at=started.expires_at,
        )
    )
    record(
        session,
        "session.started",
        subject_type="person",
        subject_id=person_id,
        actor_id=person_id,
        at=now,
        detail={"door": door.value, "session_id": str(started.session_id)},
    )
    return started


def end_session(session: Session, session_id: UUID, *, person_id: UUID, actor_id: UUID, now: datetime) -> None:
    """End one session of a person. Ending an ended one changes nothing. Raises NotFound for somebody else's."""
    found = session.scalar(
        select(AuthSession.id).where(AuthSession.id == session_id, AuthSession.person_id == person_id)
    )
    if found is None:
        raise NotFound("没有找到这次登录。", code="session_not_found")
    _end(session, (AuthSession.id == session_id,), person_id, actor_id, now)


def end_sessions(
    session: Session, person_id: UUID, *, actor_id: UUID | None, now: datetime, keep: UUID | None = None
) -> None:
    """End every session of a person, but for `keep`. What could start new ones without the password ends with them."""
    conditions = (AuthSession.person_id == person_id, *((AuthSession.id != keep,) if keep else ()))
    _end(session, conditions, person_id, actor_id, now)
    publish(session, SessionsEnded(at=now, actor_id=actor_id, account_id=person_id))


def _end(
    session: Session, conditions: tuple[object, ...], person_id: UUID, actor_id: UUID | None, now: datetime
) -> None:
    ended = session.scalars(
        update(AuthSession)
        .where(AuthSession.ended_at.is_(None), *conditions)  # type: ignore[arg-type]
        .values(ended_at=now)
        .returning(AuthSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        record(
            session,
            "session.ended",
            subject_type="person",
            subject_id=person_id,
            actor_id=actor_id,
            at=now,
            detail={"session_ids": [str(session_id) for session_id in ended]},
        )


def list_sessions(session: Session, person_id: UUID, now: datetime, *, idle: timedelta) -> list[AuthSession]:
    """A person's open sessions, the latest seen first. Those of the console end when not used for `idle`."""
    return list(
        session.scalars(
            select(AuthSession)
            .where(
                AuthSession.person_id == person_id,
                AuthSession.ended_at.is_(None),
                AuthSession.expires_at > now,
                (AuthSession.door != Door.CONSOLE) | (AuthSession.last_seen_at > now - idle),
            )
            .order_by(AuthSession.last_seen_at.desc(), AuthSession.id)
            .limit(100)
        )
    )


def note_seen(session: Session, session_id: UUID, now: datetime) -> None:
    """Move a session's last sight forward."""
    session.execute(
        update(AuthSession).where(AuthSession.id == session_id, AuthSession.last_seen_at < now).values(last_seen_at=now)
    )


def forget_sessions(session: Session, now: datetime) -> None:
    """Remove sessions that ended or expired long ago; the audit log keeps that they were."""
    long_ago = now - KEPT_AFTER_END
    session.execute(delete(AuthSession).where((AuthSession.expires_at < long_ago) | (AuthSession.ended_at < long_ago)))
