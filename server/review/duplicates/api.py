"""JSON for the worker's side: what is known already of the hazard being written."""

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import read_only_session
from server.review.duplicates.matching.hints import find_hints
from server.review.duplicates.schemas import HintsIn, HintsOut
from server.unions.actor import current_actor

bp = APIBlueprint("duplicates", __name__, url_prefix="/api/v1", tag="hazards")


@bp.post("/hazards/hints")
@requires("submission.follow")
@limiter.limit("30/minute;300/day")
@bp.input(HintsIn, arg_name="body")
@bp.output(HintsOut)
@bp.doc(responses={429: "问得太频繁"})
def hints(body: HintsIn) -> HintsOut:
    """正在写的隐患是不是已经有人报过；只看不写"""
    with read_only_session() as reader:
        return find_hints(reader, body, actor=current_actor(), now=clock.now())
