"""JSON for the worker's side: leaderboards."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from server.activities.quiz.standings.actions import choose_listing
from server.activities.quiz.standings.queries import get_board
from server.activities.quiz.standings.schemas import BoardOut, BoardQuery, ListingIn, ListingOut
from server.core import clock
from server.core.web.access import requires
from server.core.web.json import send_json
from server.core.web.limits import CHANGES_OF_MIND, limiter
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor

bp = APIBlueprint("quiz_standings", __name__, url_prefix="/api/v1/quizzes", tag="quiz")


@bp.get("/<uuid:quiz_id>/leaderboard")
@requires("quiz.compare")
@bp.input(BoardQuery, location="query", arg_name="query")
@bp.output(BoardOut)
@bp.doc(responses={304: "没有变化", 404: "这次活动没有设这个排行榜"})
def leaderboard(quiz_id: UUID, query: BoardQuery) -> Response:
    """排行榜：个人、企业、区市"""
    board = get_board(session(), quiz_id, query, current_actor())
    return send_json(board.body, board.etag)


@bp.put("/<uuid:quiz_id>/listing")
@requires("quiz.compare")
@limiter.limit(CHANGES_OF_MIND)
@bp.input(ListingIn, arg_name="body")
@bp.output(ListingOut)
def listing(quiz_id: UUID, body: ListingIn) -> ListingOut:
    """要不要上榜"""
    choose_listing(session(), quiz_id, is_listed=body.is_listed, actor=current_actor(), now=clock.now())
    return ListingOut(is_listed=body.is_listed)
