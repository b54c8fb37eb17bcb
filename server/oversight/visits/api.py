"""JSON for the phone of somebody of a team: their visits, one of them, and its record. Workers have none."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.oversight.visits.recording.drafts import save_draft, show_draft
from server.oversight.visits.recording.phone import describe_visit, list_own_visits
from server.oversight.visits.recording.saving import record_visit
from server.oversight.visits.schemas import (
    DraftIn,
    RecordIn,
    VisitDraftOut,
    VisitOut,
    VisitPage,
    VisitRecordedOut,
    VisitsQuery,
)
from server.unions.actor import Actor, current_actor
from server.unions.scans.queries import as_reviewer

bp = APIBlueprint("visits", __name__, url_prefix="/api/v1", tag="visits")


@bp.get("/visits")
@requires("visit.record_on_phone")
@bp.input(VisitsQuery, location="query", arg_name="query")
@bp.output(VisitPage)
def get_visits(query: VisitsQuery) -> VisitPage:
    """我的督导：我参加的和本级组织的"""
    return list_own_visits(session(), _officer(), state=query.state, after=query.after)


@bp.get("/visits/<uuid:visit_id>")
@requires("visit.record_on_phone")
@bp.output(VisitOut)
def get_one(visit_id: UUID) -> VisitOut:
    """一次督导：安排、检查表和已有的记录"""
    return describe_visit(session(), visit_id, _officer(), clock.now())


@bp.put("/visits/<uuid:visit_id>/record")
@requires("visit.record_on_phone")
@bp.input(RecordIn, arg_name="body")
@bp.output(VisitRecordedOut)
@bp.doc(responses={409: "同事已经提交过，或者现在不能再改"})
def put_record(visit_id: UUID, body: RecordIn) -> VisitRecordedOut:
    """提交现场记录；编号由手机生成，同一编号重复提交只算一次"""
    visit = record_visit(session(), visit_id, body, actor=_officer(), now=clock.now())
    recorded_at = visit.recorded_at or clock.now()
    return VisitRecordedOut(key=body.key, version=visit.version, status=visit.status, recorded_at=recorded_at)


@bp.put("/visits/<uuid:visit_id>/draft")
@requires("visit.record_on_phone")
@bp.input(DraftIn, arg_name="body")
@bp.output(VisitDraftOut)
@bp.doc(responses={409: "同事刚刚也填了，或者现在不能再改"})
def put_draft(visit_id: UUID, body: DraftIn) -> VisitDraftOut:
    """随手保存还没提交的记录，换一部手机也能接着填"""
    return show_draft(session(), save_draft(session(), visit_id, body, actor=_officer(), now=clock.now()))


def _officer() -> Actor:
    """Who is asking, as the reviewer whose account the phone is linked to; with no role, they see no visit."""
    return as_reviewer(session(), current_actor())
