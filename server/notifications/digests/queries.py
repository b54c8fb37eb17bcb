"""Reads of digests."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.notifications.digests.models import DailyDigest

SHOWN = 30  # days


def list_digests(session: Session, person_id: UUID) -> Sequence[DailyDigest]:
    """A reviewer's last digests, newest first."""
    statement = select(DailyDigest).where(DailyDigest.person_id == person_id)
    return session.scalars(statement.order_by(DailyDigest.day.desc()).limit(SHOWN)).all()
