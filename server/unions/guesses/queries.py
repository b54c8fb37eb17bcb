"""Reads of failed attempts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.unions.guesses.models import Guess
from server.unions.guesses.rules import WINDOW

ENOUGH = 60  # more rows than any ladder asks about


def list_failures(
    session: Session, now: datetime, *, subject: str | None = None, origin: str | None = None
) -> Sequence[datetime]:
    """Times of recent failed attempts at a subject, from an origin, or both; newest first."""
    statement = select(Guess.at).where(Guess.at > now - WINDOW)
    if subject is not None:
        statement = statement.where(Guess.subject == subject)
    if origin is not None:
        statement = statement.where(Guess.origin == origin)
    return session.scalars(statement.order_by(Guess.at.desc()).limit(ENOUGH)).all()
