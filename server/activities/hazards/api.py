"""JSON for the worker's side: reporting a hazard."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from server.activities.hazards.actions import prepare_hazard, submit_hazard
from server.activities.hazards.proposals.asking import propose
from server.activities.hazards.queries import describe_new
from server.activities.hazards.schemas import HazardIn, ProposalOut
from server.core import clock
from server.core.errors import Invalid
from server.core.web.access import requires
from server.core.web.limits import day_quota, limiter
from server.core.web.unit_of_work import database, read_only_session
from server.photos.schemas import ORIGINAL_FORM
from server.review.submissions.queries import get_own_submission, knows_submission
from server.review.submissions.schemas import SubmissionOut
from server.unions.actor import current_actor

bp = APIBlueprint("hazards", __name__, url_prefix="/api/v1", tag="hazards")


def _is_known(hazard_id: UUID) -> bool:
    """Looked up beside the report, whose transaction is its own: on SQLite only one of two could write."""
    with read_only_session() as reader:
        return knows_submission(reader, hazard_id, current_actor())


@bp.put("/hazards/<uuid:hazard_id>")
@requires("hazard.report")
@day_quota("day_reports", is_known=_is_known)
@bp.input(HazardIn, arg_name="body")
@bp.output(SubmissionOut, status_code=201)
@bp.doc(responses={200: "同样的内容已经收到过", 409: "这个编号下已有别的内容"})
def report(hazard_id: UUID, body: HazardIn) -> Response | tuple[SubmissionOut, int]:
    """报告隐患；编号由手机生成，重复发送不会重复"""
    actor, now = current_actor(), clock.now()
    if not (actor.has_account or body.is_anonymous):
        raise Invalid("不登录上报的都是匿名的，请更新页面后再发。", fields={"is_anonymous": "要匿名"})
    with read_only_session() as reader:  # the checks hold no lock: on SQLite there is only one for everybody
        prepared = prepare_hazard(reader, hazard_id, body, reporter_id=actor.person_id, now=now)
    submitted = submit_hazard(database(), prepared, now=now)
    if not submitted.is_new:
        with read_only_session() as reader:
            return get_own_submission(reader, hazard_id, actor), 200
    new = describe_new(prepared, submitted.photo_ids, now)
    return Response(new.model_dump_json(), status=201, mimetype="application/json")


@bp.post("/hazards/proposal")
@requires("hazard.ask_proposal")
@limiter.limit("6/minute")
@day_quota("day_proposals", status=200)
@bp.output(ProposalOut)
@bp.doc(
    summary="请机器看一张照片，提议类别和说法",
    operation_id="propose_hazard",
    extensions={"requestBody": ORIGINAL_FORM},
    responses={404: "没有开通", 503: "机器现在看不了"},
)
def ask_proposal() -> ProposalOut:
    """Ask what a photo may show. It goes out small and without who, where and when; nothing is kept."""
    return propose()
