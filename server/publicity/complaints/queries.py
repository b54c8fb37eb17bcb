"""Reads of complaints for the console."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.publicity.complaints.models import Complainant, Reason
from server.publicity.complaints.workflow import published_as

GONE = "已经删除"


def name_subjects(session: Session, rows: Sequence[Any]) -> Mapping[tuple[str, UUID], str]:
    """What the console calls the things that these complaints are about: one statement per kind."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        wanted[row.subject].add(row.subject_id)
    return {
        (subject, each): name
        for subject, subject_ids in wanted.items()
        for each, name in published_as(subject).names(session, subject_ids).items()
    }


def list_complainants(session: Session, complaint_id: UUID) -> Sequence[Complainant]:
    """Those who complain, for what they said. Who they are is not for the page."""
    of_it = select(Complainant).where(Complainant.complaint_id == complaint_id)
    return session.scalars(of_it.order_by(Complainant.id)).all()


def count_complainants(session: Session, complaint_ids: Collection[UUID]) -> dict[UUID, dict[Reason, int]]:
    """How many complain for which reason."""
    counts: dict[UUID, dict[Reason, int]] = defaultdict(dict)
    by = Complainant.complaint_id, Complainant.reason
    statement = select(*by, func.count()).where(Complainant.complaint_id.in_(complaint_ids)).group_by(*by)
    for complaint_id, reason, count in session.execute(statement):
        counts[complaint_id][reason] = count
    return counts
