"""What the accepted answers come to, as the job counted it last: a page that shows it reads no answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import all_kinds
from server.assignments.dispatch.models import Assignment, AssignmentStatus
from server.assignments.forms.queries import find_frozen
from server.assignments.rollup.counting.accepted import Total, add_up_accepted, read_reported
from server.assignments.rollup.models import RollupAccepted

SHOWN = ("key", "label", "text", "how", "counted", "is_rough")
"""Of a total; what each recipient gave is for charts, which are drawn of the answers themselves."""


@dataclass(frozen=True, slots=True)
class KeptTotals:
    """Totals, and when they were counted; None: the job has not come to it yet."""

    totals: Sequence[Total]
    counted_at: datetime | None


def find_totals(session: Session, assignment_id: UUID) -> KeptTotals:
    """As they were counted last."""
    kept = session.get(RollupAccepted, assignment_id)
    if kept is None:
        return KeptTotals((), None)
    return KeptTotals([Total(**each) for each in kept.totals], kept.counted_at)


def add_up_compiled(session: Session, root_id: UUID, now: datetime) -> dict[UUID, Sequence[Total]]:
    """The totals of each assignment of a root whose kind compiles what was accepted."""
    kinds = [kind.name for kind in all_kinds() if kind.is_compiled]
    found = session.scalars(
        select(Assignment).where(
            Assignment.root_id == root_id, Assignment.kind.in_(kinds), Assignment.status != AssignmentStatus.DRAFT
        )
    ).all()
    totals: dict[UUID, Sequence[Total]] = {}
    for each in found:
        form = find_frozen(session, each.form_version_id)
        reported = read_reported(session, each)
        totals[each.id] = add_up_accepted(session, each, form, reported, now) if form is not None else ()
    return totals


def keep_totals(session: Session, counted: Mapping[UUID, Sequence[Total]], now: datetime) -> None:
    """In place of what was counted before."""
    for assignment_id, totals in counted.items():
        rows = [{name: getattr(each, name) for name in SHOWN} for each in totals]
        session.merge(RollupAccepted(assignment_id=assignment_id, totals=rows, counted_at=now))
