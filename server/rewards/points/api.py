"""JSON for the worker's side: points."""

from apiflask import APIBlueprint

from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.rewards.points.queries import list_points
from server.rewards.points.schemas import PointsPage, PointsQuery
from server.unions.actor import current_actor

bp = APIBlueprint("points", __name__, url_prefix="/api/v1", tag="points")


@bp.get("/points")
@requires("points.read_own")
@bp.input(PointsQuery, location="query", arg_name="query")
@bp.output(PointsPage)
def get_points(query: PointsQuery) -> PointsPage:
    """我的积分，最新的在前"""
    return list_points(session(), current_actor().person_id, query.after, query.limit)
