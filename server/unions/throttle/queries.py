"""Reads of failed attempts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.unions.throttle.models import FailedAttempt
from server.unions.throttle.rules import WINDOW

ENOUGH = 60  # more rows than any schedule asks about


def list_failures(
    session: Session, now: datetime, *, subject: str | None = None, origin: str | None = None
) -> Sequence[datetime]:
    """Times of recent failed attempts at a subject, from an origin, or both; newest first."""
    statement = select(FailedAttempt.at).where(FailedAttempt.at > now - WINDOW)
    if subject is not None:
        statement = statement.where(FailedAttempt.subject == subject)
    if origin is not None:
        statement = statement.where(FailedAttempt.origin == origin)
    return session.scalars(statement.order_by(FailedAttempt.at.desc()).limit(ENOUGH)).all()
