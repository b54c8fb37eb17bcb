"""JSON for the worker's side: asking after what is overdue."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.review.escalation.schemas import AskedOut
from server.review.escalation.urging.asking import ask_after
from server.unions.actor import current_actor

bp = APIBlueprint("escalation", __name__, url_prefix="/api/v1", tag="submissions")


@bp.post("/submissions/<uuid:submission_id>/urging")
@requires("escalation.ask_own")
@limiter.limit("20/hour")
@bp.output(AskedOut)
@bp.doc(responses={404: "不是自己的", 409: "没有逾期，或者三天内催过了"})
def ask(submission_id: UUID) -> AskedOut:
    """催办：自己报的过了期限还没有办"""
    return ask_after(session(), submission_id, actor=current_actor(), now=clock.now())
