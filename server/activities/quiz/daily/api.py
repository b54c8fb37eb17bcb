"""JSON for the worker's side: the question of the day."""

from apiflask import APIBlueprint

from server.activities.quiz.daily.actions import answer_daily, switch_streak
from server.activities.quiz.daily.queries import get_daily
from server.activities.quiz.daily.schemas import DailyAnswerIn, DailyOut, StreakIn
from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor

bp = APIBlueprint("quiz_daily", __name__, url_prefix="/api/v1/quiz/daily", tag="quiz")


@bp.get("")
@requires("quiz.answer_daily")
@bp.output(DailyOut)
def get() -> DailyOut:
    """每日一题：自愿，不计分"""
    return get_daily(session(), current_actor().person_id, clock.now())


@bp.post("")
@requires("quiz.answer_daily")
@bp.input(DailyAnswerIn, arg_name="body")
@bp.output(DailyOut)
@bp.doc(responses={409: "今天换了一道题"})
def answer(body: DailyAnswerIn) -> DailyOut:
    """作答；一天只记第一次"""
    return answer_daily(session(), current_actor().person_id, body, now=clock.now())


@bp.put("/streak")
@requires("quiz.answer_daily")
@bp.input(StreakIn, arg_name="body")
@bp.output(DailyOut)
def streak(body: StreakIn) -> DailyOut:
    """要不要记连续天数，只有自己看得到"""
    return switch_streak(session(), current_actor().person_id, body.keeps_streak, now=clock.now())
