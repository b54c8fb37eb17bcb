"""Writes of failed attempts."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import in_shanghai
from server.core.errors import TooMany
from server.unions.guesses.models import Guess
from server.unions.guesses.queries import list_failures
from server.unions.guesses.rules import USUAL, Ladder, wait_until

KEPT = timedelta(days=1)


def begin_attempt(session: Session, *, subject: str, origin: str, now: datetime) -> UUID:
    """Note an attempt as failed before it is checked, so that many at once cannot slip past the count."""
    attempt_id = ids.new_id()
    session.execute(insert(Guess).values(id=attempt_id, subject=subject[:80], origin=origin[:80], at=now))
    return attempt_id


def forgive_attempts(session: Session, *, subject: str, origin: str) -> None:
    """Forget the attempts of one origin at one subject: the right secret was given."""
    session.execute(delete(Guess).where(Guess.subject == subject[:80], Guess.origin == origin[:80]))


def forget_attempts(session: Session, now: datetime) -> None:
    """Remove what no ladder asks about any more."""
    session.execute(delete(Guess).where(Guess.at < now - KEPT))


def refuse_while_waiting(
    session: Session, *, subject: str, origin: str, now: datetime, what: str, ladder: Ladder = USUAL
) -> None:
    """Raise TooMany with the exact time if this origin failed too often here. `what` reads like 邀请码."""
    refuse_until(wait_until(list_failures(session, now, subject=subject, origin=origin), ladder, now), what)


def refuse_until(until: datetime | None, what: str) -> None:
    """Raise TooMany that names the time, unless `until` is None."""
    if until is not None:
        moment = in_shanghai(until + timedelta(seconds=1)).strftime("%H:%M:%S")  # never a second too early
        raise TooMany(f"{what}输错次数太多，请在 {moment} 之后再试。", code="too_many_attempts")
