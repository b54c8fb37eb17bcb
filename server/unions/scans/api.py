"""JSON for the phone that scans: what it is about, confirm, refuse."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import request

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor
from server.unions.scans.actions import decide_scan, look_at_scan
from server.unions.scans.models import Scan
from server.unions.scans.queries import get_account_for
from server.unions.scans.schemas import ScanIn, ScanOut
from server.unions.sign_in.attempts.origins import network_of
from server.unions.sign_in.requests.devices import describe_device

bp = APIBlueprint("scans", __name__, url_prefix="/api/v1/scans", tag="sign-in")


@bp.post("")
@limiter.limit("60/minute")
@requires("scan.decide")
@bp.input(ScanIn, arg_name="body")
@bp.output(ScanOut)
def look(body: ScanIn) -> ScanOut:
    """What the code on the screen is about. From now on nobody else can decide it."""
    return _shown(look_at_scan(session(), body.code, person_id=current_actor().person_id, now=clock.now()))


@bp.post("/<uuid:scan_id>/confirm")
@requires("scan.decide")
@bp.output(ScanOut)
def confirm(scan_id: UUID) -> ScanOut:
    """Let that browser in, or link this phone."""
    return _decided(scan_id, confirm=True)


@bp.post("/<uuid:scan_id>/refuse")
@requires("scan.decide")
@bp.output(ScanOut)
def refuse(scan_id: UUID) -> ScanOut:
    """It was somebody else, or a mistake."""
    return _decided(scan_id, confirm=False)


def _decided(scan_id: UUID, *, confirm: bool) -> ScanOut:
    return _shown(
        decide_scan(session(), scan_id, confirm=confirm, person_id=current_actor().person_id, now=clock.now())
    )


def _shown(scan: Scan) -> ScanOut:
    return ScanOut(
        id=scan.id,
        purpose=scan.purpose,
        state=scan.state,
        username=get_account_for(session(), scan, current_actor().person_id).username,
        device=describe_device(scan.user_agent),
        address=scan.address,
        same_network=network_of(scan.address) == network_of(request.remote_addr or ""),
        started_at=scan.created_at,
        expires_at=scan.expires_at,
    )
