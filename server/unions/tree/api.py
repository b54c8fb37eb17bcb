"""The tree as the mini program sees it: enterprises to bind to, areas to report from."""

from apiflask import APIBlueprint

from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.unions.tree import queries
from server.unions.tree.schemas import AreasOut, EnterprisePage, EnterpriseQuery

bp = APIBlueprint("tree", __name__, url_prefix="/api/v1", tag="unions")


@bp.get("/enterprises")
@requires("enterprise.search")
@bp.input(EnterpriseQuery, location="query", arg_name="query")
@bp.output(EnterprisePage)
def search_enterprises(query: EnterpriseQuery) -> EnterprisePage:
    """Enterprises by name, a page at a time."""
    return queries.search_enterprises(session(), query.q, query.after, query.limit)


@bp.get("/areas")
@requires("area.list")
@bp.output(AreasOut)
def list_areas() -> AreasOut:
    """Districts with their towns, for hazards seen somewhere else."""
    return queries.list_areas(session())
