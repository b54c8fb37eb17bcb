"""JSON for the worker's side: draws."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.rewards.draws.queries import get_draw, list_draws
from server.rewards.draws.schemas import DrawDetail, DrawsOut, DrawsQuery
from server.unions.actor import current_actor

bp = APIBlueprint("draws", __name__, url_prefix="/api/v1", tag="draws")


@bp.get("/draws")
@requires("draw.enter")
@bp.input(DrawsQuery, location="query", arg_name="query")
@bp.output(DrawsOut)
def draws(query: DrawsQuery) -> DrawsOut:
    """一次竞赛的抽奖，最新的在前"""
    return list_draws(session(), query.quiz_id, current_actor().person_id)


@bp.get("/draws/<uuid:draw_id>")
@requires("draw.enter")
@bp.output(DrawDetail)
def draw(draw_id: UUID) -> DrawDetail:
    """一次抽奖，和我在名单里的位置"""
    return get_draw(session(), draw_id, current_actor().person_id)
