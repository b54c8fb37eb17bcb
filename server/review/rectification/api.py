"""JSON for the worker's side: how one's own hazard is put right, and whether it was."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.errors import Invalid
from server.core.ids import is_uuid7
from server.core.web.access import requires
from server.core.web.limits import CHANGES_OF_MIND, day_quota, limiter
from server.core.web.unit_of_work import session
from server.review.rectification.actions import confirm_rectification
from server.review.rectification.evidence.attachments import declare_reopening, knows_evidence
from server.review.rectification.queries import get_own_rectification
from server.review.rectification.rating.actions import rate_rectification
from server.review.rectification.schemas import ConfirmIn, RatingIn, RectificationOut, ReopeningIn
from server.unions.actor import current_actor

bp = APIBlueprint("rectification", __name__, url_prefix="/api/v1", tag="rectification")


@bp.get("/submissions/<uuid:submission_id>/rectification")
@requires("rectification.follow_own")
@bp.output(RectificationOut)
def get_mine(submission_id: UUID) -> RectificationOut:
    """我报的隐患整改得怎样"""
    return get_own_rectification(session(), submission_id, current_actor(), clock.now())


@bp.post("/submissions/<uuid:submission_id>/rectification/confirm")
@requires("rectification.follow_own")
@bp.input(ConfirmIn, arg_name="body")
@bp.output(RectificationOut)
def confirm(submission_id: UUID, body: ConfirmIn) -> RectificationOut:
    """确认已经整改好；一般和较小隐患就此销号"""
    actor, now = current_actor(), clock.now()
    confirm_rectification(session(), submission_id, body, actor=actor, now=now)
    return get_own_rectification(session(), submission_id, actor, now)


@bp.put("/submissions/<uuid:submission_id>/rectification/rating")
@requires("rectification.follow_own")
@limiter.limit(CHANGES_OF_MIND)
@bp.input(RatingIn, arg_name="body")
@bp.output(RectificationOut)
def rate(submission_id: UUID, body: RatingIn) -> RectificationOut:
    """销号以后评价办得怎样；只统计结果，不给任何人排名"""
    actor, now = current_actor(), clock.now()
    rate_rectification(session(), submission_id, body, actor=actor, now=now)
    return get_own_rectification(session(), submission_id, actor, now)


@bp.put("/submissions/<uuid:submission_id>/rectification/reopenings/<uuid:reopening_id>")
@requires("rectification.follow_own")
@day_quota(
    "day_reports", is_known=lambda submission_id, reopening_id: knows_evidence(session(), reopening_id, current_actor())
)
@bp.input(ReopeningIn, arg_name="body")
@bp.output(RectificationOut, status_code=201)
@bp.doc(responses={200: "同样的内容已经收到过"})
def reopen(submission_id: UUID, reopening_id: UUID, body: ReopeningIn) -> tuple[RectificationOut, int]:
    """反映没有整改好，附照片；照片传完后生效，编号由手机生成"""
    if not is_uuid7(reopening_id):
        raise Invalid("编号格式不对。", fields={"reopening_id": "要用 UUIDv7"})
    actor, now = current_actor(), clock.now()
    is_new = declare_reopening(session(), submission_id, reopening_id, body, actor=actor, now=now)
    return get_own_rectification(session(), submission_id, actor, now), 201 if is_new else 200
