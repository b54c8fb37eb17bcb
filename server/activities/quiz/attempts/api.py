"""JSON for the worker's side: quizzes, their maps, attempts."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response, request

from server.activities.quiz.attempts.answering.saving import save_answer
from server.activities.quiz.attempts.answering.starting import Visitor, start_attempt
from server.activities.quiz.attempts.answering.submitting import submit_attempt
from server.activities.quiz.attempts.queries import get_attempt, get_map, get_result, list_own_quizzes
from server.activities.quiz.attempts.schemas import (
    AnswerIn,
    AnswerSaved,
    AttemptOut,
    QuizList,
    QuizOut,
    ResultOut,
    StartIn,
    SubmissionIn,
)
from server.core import clock
from server.core.web.access import requires
from server.core.web.json import send_model
from server.core.web.unit_of_work import database, session
from server.unions.actor import current_actor

bp = APIBlueprint("quiz_attempts", __name__, url_prefix="/api/v1", tag="quiz")


@bp.get("/quizzes")
@requires("quiz.play")
@bp.output(QuizList)
def quizzes() -> QuizList:
    """闯关列表和我的进度"""
    return list_own_quizzes(session(), current_actor().person_id, clock.now())


@bp.get("/quizzes/<uuid:quiz_id>")
@requires("quiz.play")
@bp.output(QuizOut)
def level_map(quiz_id: UUID) -> QuizOut:
    """关卡地图"""
    return get_map(session(), quiz_id, current_actor().person_id, clock.now())


@bp.put("/quiz/attempts/<uuid:attempt_id>")
@requires("quiz.play")
@bp.input(StartIn, arg_name="body")
@bp.output(AttemptOut, status_code=201)
@bp.doc(responses={200: "已经开始过", 403: "没有开放", 409: "还有没交卷的", 429: "今天的次数用完了"})
def start(attempt_id: UUID, body: StartIn) -> Response:
    """开始一关；编号由手机生成，重复发送不会多用一次机会"""
    actor, now = current_actor(), clock.now()
    visitor = Visitor(request.remote_addr or "", request.user_agent.string)
    attempt, is_new = start_attempt(
        session(), attempt_id, body.quiz_id, body.level, actor=actor, visitor=visitor, now=now
    )
    return send_model(attempt, 201 if is_new else 200)


@bp.get("/quiz/attempts/<uuid:attempt_id>")
@requires("quiz.play")
@bp.output(AttemptOut)
def resume(attempt_id: UUID) -> AttemptOut:
    """接着答，换一部手机也行"""
    return get_attempt(session(), attempt_id, current_actor().person_id, clock.now())


@bp.put("/quiz/attempts/<uuid:attempt_id>/answers/<int(max=99):position>")
@requires("quiz.play")
@bp.input(AnswerIn, arg_name="body")
@bp.output(AnswerSaved)
@bp.doc(responses={404: "没有这次闯关", 409: "时间到了，或者已经交卷"})
def answer(attempt_id: UUID, position: int, body: AnswerIn) -> Response:
    """保存一题的答案，可以反复改"""
    saved = save_answer(
        database(), attempt_id, position, body.chosen, person_id=current_actor().person_id, now=clock.now()
    )
    return send_model(saved)


@bp.post("/quiz/attempts/<uuid:attempt_id>/submission")
@requires("quiz.play")
@bp.input(SubmissionIn, arg_name="body")
@bp.output(ResultOut)
@bp.doc(responses={404: "没有这次闯关"})
def submit(attempt_id: UUID, body: SubmissionIn) -> Response:
    """交卷；重复交卷得到同样的结果，超时的按时间内收到的算"""
    actor, now = current_actor(), clock.now()
    result = submit_attempt(database(), attempt_id, body.answers, actor=actor, now=now)
    return send_model(result)


@bp.get("/quiz/attempts/<uuid:attempt_id>/result")
@requires("quiz.play")
@bp.output(ResultOut)
def result(attempt_id: UUID) -> ResultOut:
    """成绩和每题的解析"""
    return get_result(session(), attempt_id, current_actor().person_id, clock.now())
