"""JSON for the worker's side: where one stands."""

from uuid import UUID

from apiflask import APIBlueprint

from server.activities.locations.queries import list_own, open_code
from server.activities.locations.schemas import LocatedOut, LocationPage, LocationQuery
from server.core.web.access import public, requires
from server.core.web.limits import limiter
from server.core.web.unit_of_work import read_only_session
from server.unions.actor import current_actor

bp = APIBlueprint("locations", __name__, url_prefix="/api/v1", tag="hazards")


@bp.get("/locations/<code>")
@limiter.limit("300/minute")  # for one address, behind which a whole factory may sit
@public
@bp.output(LocatedOut)
def scanned(code: str) -> LocatedOut:
    """扫到的点位码是哪家企业的哪个位置；不用登录"""
    with read_only_session() as reader:
        return open_code(reader, code[:20])


@bp.get("/enterprises/<uuid:enterprise_id>/locations")
@requires("location.choose")
@bp.input(LocationQuery, location="query", arg_name="query")
@bp.output(LocationPage)
def own_locations(enterprise_id: UUID, query: LocationQuery) -> LocationPage:
    """自己企业的点位，按位置和名称排"""
    with read_only_session() as reader:
        return list_own(reader, enterprise_id, query, current_actor())
