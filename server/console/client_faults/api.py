"""Where the phone's program tells of its own faults."""

from apiflask import APIBlueprint
from flask import Response, g

from server.console.client_faults.actions import note_fault
from server.console.client_faults.schemas import FaultIn
from server.core import clock
from server.core.web.access import public
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session

bp = APIBlueprint("client_faults", __name__, url_prefix="/api/v1/client-faults", tag="service")


@bp.post("")
@limiter.limit("60/hour;300/day")  # for one address, behind which a whole factory may sit; counted in memory alone
@public
@bp.input(FaultIn, arg_name="body")
@bp.output({}, status_code=204)
def tell_fault(body: FaultIn) -> Response:
    """手机端程序自己的故障：不带人、不带设备、不带填写的内容"""
    g.leaves_no_address = True
    note_fault(session(), body, now=clock.now())
    return Response(status=204)
