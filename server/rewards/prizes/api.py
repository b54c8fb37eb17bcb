"""JSON for the worker's side: one's own prizes."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.kit.workflow import perform
from server.rewards.prizes.models import PoolMove
from server.rewards.prizes.queries import get_win, list_wins
from server.rewards.prizes.schemas import WinOut, WinsOut
from server.rewards.prizes.workflow import WINS
from server.unions.actor import current_actor

bp = APIBlueprint("prizes", __name__, url_prefix="/api/v1", tag="prizes")


@bp.get("/prizes/wins")
@requires("prize.claim")
@bp.output(WinsOut)
def wins() -> WinsOut:
    """我的奖品，最新的在前"""
    return list_wins(session(), current_actor().person_id)


@bp.post("/prizes/wins/<uuid:win_id>/acceptance")
@requires("prize.claim")
@bp.output(WinOut)
def accept(win_id: UUID) -> WinOut:
    """确认领取，得到领奖码"""
    return _make(win_id, PoolMove.ACCEPT)


@bp.post("/prizes/wins/<uuid:win_id>/refusal")
@requires("prize.claim")
@bp.output(WinOut)
def refuse(win_id: UUID) -> WinOut:
    """放弃，奖品留给候补的人"""
    return _make(win_id, PoolMove.REFUSE)


def _make(win_id: UUID, move: PoolMove) -> WinOut:
    actor = current_actor()
    perform(WINS, session(), win_id, move, actor=actor, now=clock.now())
    return get_win(session(), win_id, actor.person_id)
