"""Writes of failed attempts."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import in_shanghai
from server.core.errors import TooMany
from server.unions.throttle.models import FailedAttempt
from server.unions.throttle.queries import list_failures
from server.unions.throttle.rules import USUAL, BackoffSchedule, wait_until

KEPT = timedelta(days=1)


def take_turns(session: Session, *, subject: str, origin: str) -> None:
    """Hold off others who guess at this subject or from this origin until the transaction ends.

    Call it before counting, and begin the attempt in the same transaction: else many at once would count before any of
    them is written. SQLite has one writer anyhow, and each of these transactions begins as one.
    """
    if session.get_bind().dialect.name == "postgresql":
        for key in sorted(_lock_key(*named) for named in (("subject", subject), ("origin", origin))):
            session.execute(select(func.pg_advisory_xact_lock(key)))


def _lock_key(kind: str, name: str) -> int:
    """A signed 64-bit key, the same in every process; two names that share one merely wait for each other."""
    digest = hashlib.sha256(f"guess {kind} {name}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def begin_attempt(session: Session, *, subject: str, origin: str, now: datetime) -> UUID:
    """Note an attempt as failed before it is checked, so that many at once cannot slip past the count."""
    attempt_id = ids.new_id()
    session.execute(insert(FailedAttempt).values(id=attempt_id, subject=subject[:80], origin=origin[:80], at=now))
    return attempt_id


def forgive_attempts(session: Session, *, subject: str, origin: str) -> None:
    """Forget the attempts of one origin at one subject: the right secret was given."""
    session.execute(
        delete(FailedAttempt).where(FailedAttempt.subject == subject[:80], FailedAttempt.origin == origin[:80])
    )


def forget_attempts(session: Session, now: datetime) -> None:
    """Remove what no schedule asks about any more."""
    session.execute(delete(FailedAttempt).where(FailedAttempt.at < now - KEPT))


def refuse_while_waiting(
    session: Session, *, subject: str, origin: str, now: datetime, what: str, schedule: BackoffSchedule = USUAL
) -> None:
    """Raise TooMany with the exact time if this origin failed too often here. `what` reads like 邀请码.

    Whoever guesses at the same takes their turn after this transaction.
    """
    take_turns(session, subject=subject, origin=origin)
    refuse_until(wait_until(list_failures(session, now, subject=subject, origin=origin), schedule, now), what)


def refuse_origin_while_waiting(
    session: Session, *, origin: str, now: datetime, what: str, schedule: BackoffSchedule
) -> None:
    """Raise TooMany if this origin failed too often at all subjects together. Call it after `refuse_while_waiting`,
    whose turn it shares."""
    refuse_until(wait_until(list_failures(session, now, origin=origin), schedule, now), what)


def refuse_until(until: datetime | None, what: str) -> None:
    """Raise TooMany that names the time, unless `until` is None."""
    if until is not None:
        moment = in_shanghai(until + timedelta(seconds=1)).strftime("%H:%M:%S")  # never a second too early
        raise TooMany(f"{what}输错次数太多，请在 {moment} 之后再试。", code="too_many_attempts")
