"""JSON for the worker's side: practice."""

from uuid import UUID

from apiflask import APIBlueprint

from server.activities.quiz.practice.actions import answer_card
from server.activities.quiz.practice.queries import get_practice
from server.activities.quiz.practice.schemas import PracticeAnswerIn, PracticeOut, PracticeResultOut
from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.unions.actor import current_actor

bp = APIBlueprint("quiz_practice", __name__, url_prefix="/api/v1/quiz/practice", tag="quiz")


@bp.get("")
@requires("quiz.practise")
@bp.output(PracticeOut)
def get() -> PracticeOut:
    """错题练习：现在该练的一道"""
    return get_practice(session(), current_actor().person_id, clock.now())


@bp.post("/<uuid:card_id>")
@requires("quiz.practise")
@bp.input(PracticeAnswerIn, arg_name="body")
@bp.output(PracticeResultOut)
@bp.doc(responses={404: "没有这道练习题", 409: "已经答过，或题目有了新的文字"})
def answer(card_id: UUID, body: PracticeAnswerIn) -> PracticeResultOut:
    """作答；同一轮重复提交只算一次"""
    return answer_card(session(), card_id, current_actor().person_id, body, now=clock.now())
