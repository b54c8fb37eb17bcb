"""Visits as the phone reads them."""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import Table, or_, select
from sqlalchemy.orm import Session

from server.assignments.forms.queries import find_frozen
from server.core.clock import day_of
from server.kit.files.serving.links import describe_files
from server.kit.keyset import newest_first, page_statement, turn_page
from server.kit.scope import union_names
from server.kit.workflow import find_refusal
from server.oversight.visits.models import Visit, VisitStatus
from server.oversight.visits.permissions import MAY_LEAD
from server.oversight.visits.queries import (
    finding_states,
    get_visit,
    is_member,
    last_visits,
    list_findings,
    list_handovers,
    list_signatures,
    list_talks,
    team_names,
)
from server.oversight.visits.recording.drafts import describe_draft
from server.oversight.visits.recording.visit_files import files_of, finding_field
from server.oversight.visits.schemas import (
    FindingOut,
    LastVisitOut,
    SignatureOut,
    TalkOut,
    VisitLine,
    VisitOut,
    VisitPage,
)
from server.oversight.visits.texts import MODE_NAMES, ORDERS, STATUS_NAMES, say_handover
from server.oversight.visits.workflow import WORKFLOW, M
from server.unions.actor import Actor

PAGE = 50
TABLE = cast(Table, Visit.__table__)
NEWEST = newest_first(TABLE.c.id)
OPEN = (VisitStatus.PLANNED, VisitStatus.RECORDED)


def list_own_visits(
    session: Session, officer: Actor, *, state: Literal["open", "done"], after: str | None
) -> VisitPage:  # fmt: skip
    """Those of whose team somebody is, and those that their own unions lead, the newest first. Raises Invalid for a
    foreign cursor."""
    own = [each.union_id for each in officer.roles if each.role in MAY_LEAD]
    is_open = TABLE.c.status.in_(OPEN)
    those = or_(is_member(officer), TABLE.c.organizer_id.in_(own))
    key = NEWEST.parse(after) if after is not None else None
    parts = [(those, is_open if state == "open" else ~is_open)] if own else []
    if not parts:
        return VisitPage(items=[], next=None)
    found = session.execute(page_statement(select(TABLE), parts, NEWEST, limit=PAGE + 1, key=key)).all()
    turn = turn_page(found, NEWEST, PAGE, key=key, back=False)
    names = union_names(session, {each for row in turn.rows for each in (row.enterprise_id, row.organizer_id)})
    lines = [VisitLine(**_line(row, names)) for row in turn.rows]
    return VisitPage(items=lines, next=turn.after)


def _line(row: Any, names: Any) -> dict[str, Any]:
    return {
        "id": row.id, "occasion": row.occasion, "enterprise": names[row.enterprise_id].name,
        "organizer": names[row.organizer_id].name, "mode": row.mode, "mode_text": MODE_NAMES[row.mode],
        "planned_from": row.planned_from, "planned_to": row.planned_to, "status": row.status,
        "status_text": STATUS_NAMES[row.status],
    }  # fmt: skip


def describe_visit(session: Session, visit_id: UUID, officer: Actor, now: datetime) -> VisitOut:
    """All of one, in a fixed number of statements. Raises NotFound."""
    visit = get_visit(session, visit_id, officer, whole=True)
    files = files_of(session, visit.id)
    context = WORKFLOW.context(session, visit, actor=officer, now=now)
    refusal = find_refusal(WORKFLOW, WORKFLOW.find(M.RECORD), context)
    enterprise_id = cast(UUID, visit.enterprise_id)
    names = union_names(session, {enterprise_id, visit.organizer_id})
    earlier = [each for each in last_visits(session, [enterprise_id])[enterprise_id] if each.is_done]
    return VisitOut(
        **_line(visit, names), version=visit.version, basis=visit.basis, team=team_names(session, visit.id),
        form=find_frozen(session, visit.form_version_id), visited_on=visit.visited_on, answers=visit.answers,
        skipped=visit.skipped, situation=visit.situation, activities=visit.activities,
        talks=[TalkOut.model_validate(each) for each in list_talks(session, visit.id)],
        findings=_findings(session, visit.id, files),
        signatures=[SignatureOut.model_validate(each) for each in list_signatures(session, visit.id).values()],
        files=describe_files([file for those in files.values() for file in those], now=now),
        number=visit.number or "",
        last_visits=[LastVisitOut(unit=each.unit, on=each.on, mode_text=each.mode_name) for each in earlier],
        draft=describe_draft(session, visit.id) if refusal is None else None, orders=list(ORDERS),
        may_record=refusal is None, why_not=refusal.message if refusal is not None else None,
    )  # fmt: skip


def _findings(session: Session, visit_id: UUID, files: Any) -> list[FindingOut]:
    found = list_findings(session, visit_id)
    states = finding_states(session, visit_id)
    handed = {
        finding_id: say_handover(day_of(row.handed_at), row.department, row.cause, row.answer)
        for finding_id, row in list_handovers(session, visit_id).items()
    }
    return [
        FindingOut(
            id=each.id, number=each.number, place=each.place, description=each.description, basis=each.basis,
            kind=each.kind, grade=each.grade, suspected_major=each.suspected_major, suggestion=each.suggestion,
            due_on=each.due_on, owner=each.owner, measures=each.measures, funds=each.funds,
            emergency_plan=each.emergency_plan, handed_over=handed.get(each.id, ""),
            photos=[file.id for file in files.get(finding_field(each.id), ())],
            state=states[each.id].text if each.id in states else "",
        )
        for each in found
    ]  # fmt: skip
