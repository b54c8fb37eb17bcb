"""The reports that were merged into others, as the parts of their senders in an award."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from server.review.duplicates.models import Follow
from server.review.submissions.models import Submission


@dataclass(frozen=True, slots=True)
class JointReport:
    """A report that was merged into a target, by somebody else or once more by the target's own reporter (`is_own`).

    `is_confirmed`: a reviewer has said that its sender was there; one's own needs nobody to say so.
    """

    report: Submission
    arrived_at: datetime
    is_own: bool
    is_confirmed: bool


def list_joint_reports(session: Session, target_ids: Collection[UUID]) -> dict[UUID, list[JointReport]]:
    """What counts beside each target, in the order of arrival: one statement. Every id is a key.

    A report that came only after its target had been accepted is none.
    """
    found: dict[UUID, list[JointReport]] = {target_id: [] for target_id in target_ids}
    if not found:
        return found
    target = aliased(Submission, name="target")
    is_own = target.reporter_id == Submission.reporter_id
    statement = (
        select(Submission, target.id, is_own.label("is_own"), Follow.confirmed_at)
        .join(target, target.id == Submission.duplicate_of_id)
        .outerjoin(Follow, (Follow.merged_id == Submission.id) & (Follow.person_id == Submission.reporter_id))
        .where(target.id.in_(found), or_(is_own, Follow.is_joint.is_(True)))
    )
    for report, target_id, own, confirmed_at in session.execute(statement):
        arrived_at = report.arrived_at or report.created_at
        found[target_id].append(JointReport(report, arrived_at, own, own or confirmed_at is not None))
    for reports in found.values():
        reports.sort(key=lambda each: (each.arrived_at, each.report.id))
    return found
