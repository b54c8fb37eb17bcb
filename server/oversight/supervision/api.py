"""JSON for the phone of somebody whom a plan names. Workers have none."""

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.oversight.supervision.schemas import NamedPlansOut
from server.oversight.supervision.teams.named_plans import list_named_plans
from server.unions.actor import current_actor
from server.unions.scans.queries import as_reviewer

bp = APIBlueprint("supervision", __name__, url_prefix="/api/v1", tag="visits")


@bp.get("/visits/plans")
@requires("supervision.read_on_phone")
@bp.output(NamedPlansOut)
def get_plans() -> NamedPlansOut:
    """有我任务的督导计划：在哪个组、去哪里、哪几天"""
    return list_named_plans(session(), as_reviewer(session(), current_actor()), clock.now())
