"""JSON for the worker's side: complaining about what others published."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.publicity.complaints.actions import complain
from server.publicity.complaints.schemas import ComplaintIn, ComplaintOut
from server.unions.actor import current_actor

bp = APIBlueprint("complaints", __name__, url_prefix="/api/v1", tag="complaints")


@bp.put("/complaints/<subject>/<uuid:subject_id>")
@requires("complaint.make")
@limiter.limit("20/day")
@bp.input(ComplaintIn, arg_name="body")
@bp.output(ComplaintOut)
@bp.doc(responses={404: "没有这样的内容，或者你看不到", 409: "举报过，工会已经答复了（decided）"})
def make(subject: str, subject_id: UUID, body: ComplaintIn) -> ComplaintOut:
    """举报别人发布的内容；工会看到理由，看不到是谁举报的"""
    published = complain(session(), subject, subject_id, body, actor=current_actor(), now=clock.now())
    return ComplaintOut(label=published.label)
