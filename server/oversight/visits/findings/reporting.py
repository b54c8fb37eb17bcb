"""What a visit found becomes rectifications of `review`: deadlines, rechecks, reminders and escalation are those of any
other.

A finding is submitted as a hazard by whoever recorded it, and accepted with its grade and days as the opinion has them:
two sides signed it, and the union that leads decided when it sent the opinion.
"""

from collections.abc import Sequence
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.findings.ports import FoundHazard, make_hazard
from server.core.clock import SHANGHAI
from server.core.storage.base import ObjectStore
from server.kit.deadlines.calendar.working_days import days_left, is_working_day
from server.kit.files.models import AttachedFile
from server.oversight.visits.models import Visit, VisitFinding, VisitStatus
from server.oversight.visits.queries import list_findings
from server.oversight.visits.recording.visit_files import files_of, finding_field
from server.oversight.visits.texts import describe_finding
from server.review.decisions.actions import accept_found
from server.review.decisions.schemas import AcceptIn
from server.review.submissions.routing.answering_union import Route
from server.unions.campaigns.queries import current_campaign
from server.unions.tree.queries import get_union

MOST_DAYS, PLACE = 180, 200


def report_visit(session: Session, store: ObjectStore, visit_id: UUID, *, now: datetime) -> int:
    """Let each finding that is none yet become a rectification. Doing it again adds nothing. Returns how many."""
    visit = session.get_one(Visit, visit_id, with_for_update=True)
    if visit.status is not VisitStatus.SENT:
        return 0
    files = files_of(session, visit.id)
    fresh = [each for each in list_findings(session, visit.id) if each.submission_id is None]
    for finding in fresh:
        pictures = [file for file in files.get(finding_field(finding.id), ()) if file.is_picture]
        finding.submission_id = _report(session, store, visit, finding, pictures, now)
        session.flush()
        accept_found(session, finding.submission_id, _advice(finding, now), cause_id=visit.sent_by_id, now=now)
    return len(fresh)


def _report(
    session: Session, store: ObjectStore, visit: Visit, finding: VisitFinding, files: Sequence[AttachedFile],
    now: datetime,
) -> UUID:  # fmt: skip
    """A hazard with the finding's photos, in the queue of the union that leads."""
    organizer = get_union(session, visit.organizer_id)
    enterprise = get_union(session, visit.enterprise_id) if visit.enterprise_id is not None else organizer
    assert visit.recorded_by_id is not None  # noqa: S101 (the database holds it: recorded_with_a_record)
    found = FoundHazard(
        reporter_id=visit.recorded_by_id, campaign_id=current_campaign(session).id, categories=(),
        place=f"{enterprise.name} {finding.place}"[:PLACE], description=describe_finding(visit, finding),
        route=Route(
            organizer.id, organizer.name, visit.city_id, visit.district_id, visit.town_id, visit.enterprise_id
        ),
        pictures=files,
    )  # fmt: skip
    return make_hazard(session, store, found, now=now)


def _advice(finding: VisitFinding, now: datetime) -> AcceptIn:
    """What the enterprise is advised to do, until the day that the opinion names."""
    due_at = datetime.combine(finding.due_on, time(23, 59, 59), SHANGHAI)
    rest = days_left(now, due_at) + (not is_working_day(finding.due_on))  # never before the day that they were told
    days = min(MOST_DAYS, max(1, rest))
    return AcceptIn(
        version=1, grade=finding.grade, measures=finding.suggestion, responsible=finding.owner, rectify_days=days
    )  # fmt: skip
