"""JSON for the worker's side: the test after a session."""

from uuid import UUID

from apiflask import APIBlueprint

from server.activities.quiz.attempts.answering.saving import save_answer
from server.activities.quiz.attempts.schemas import AnswerIn, AnswerSaved, SubmissionIn
from server.core import clock
from server.core.web.access import requires
from server.core.web.unit_of_work import database, read_only_session, session
from server.oversight.exams import queries
from server.oversight.exams.models import ExamAttempt
from server.oversight.exams.schemas import ExamAttemptOut, ExamOut, ExamResultOut, ExamStartIn
from server.oversight.exams.taking.starting import start_exam
from server.oversight.exams.taking.submitting import submit_exam
from server.unions.actor import current_actor

bp = APIBlueprint("exams", __name__, url_prefix="/api/v1/training", tag="training")


@bp.get("/sessions/<uuid:session_id>/exam")
@requires("training.attend")
@bp.output(ExamOut)
@bp.doc(responses={404: "这场培训没有测验"})
def show_exam(session_id: UUID) -> ExamOut:
    """培训后的测验，和我考得怎样"""
    return queries.describe_exam(session(), session_id, current_actor(), clock.now())


@bp.put("/exam-attempts/<uuid:attempt_id>")
@requires("training.attend")
@bp.input(ExamStartIn, arg_name="body")
@bp.output(ExamAttemptOut, status_code=201)
@bp.doc(responses={200: "已经开始过", 409: "没有签到、没有开放，或者还有没交的", 429: "次数用完了"})
def start(attempt_id: UUID, body: ExamStartIn) -> tuple[ExamAttemptOut, int]:
    """开始测验；编号由手机生成，重复发送不会多用一次机会"""
    now = clock.now()
    attempt, is_new = start_exam(session(), attempt_id, body.session_id, actor=current_actor(), now=now)
    return queries.describe_attempt(session(), attempt, now), 201 if is_new else 200


@bp.get("/exam-attempts/<uuid:attempt_id>")
@requires("training.attend")
@bp.output(ExamAttemptOut)
def resume(attempt_id: UUID) -> ExamAttemptOut:
    """接着答"""
    return queries.describe_attempt(session(), queries.get_attempt(session(), attempt_id, current_actor()), clock.now())


@bp.put("/exam-attempts/<uuid:attempt_id>/answers/<int(max=99):position>")
@requires("training.attend")
@bp.input(AnswerIn, arg_name="body")
@bp.output(AnswerSaved)
@bp.doc(responses={404: "没有这份卷子", 409: "时间到了，或者已经交卷"})
def answer(attempt_id: UUID, position: int, body: AnswerIn) -> AnswerSaved:
    """保存一题的答案，可以反复改"""
    with read_only_session() as reader:
        whose = queries.get_attempt(reader, attempt_id, current_actor()).person_id  # whichever identity began it
    return save_answer(database(), attempt_id, position, body.chosen, person_id=whose, now=clock.now(), of=ExamAttempt)


@bp.post("/exam-attempts/<uuid:attempt_id>/submission")
@requires("training.attend")
@bp.input(SubmissionIn, arg_name="body")
@bp.output(ExamResultOut)
@bp.doc(responses={404: "没有这份卷子"})
def submit(attempt_id: UUID, body: SubmissionIn) -> ExamResultOut:
    """交卷；重复交卷得到同样的结果，超时的按时间内收到的算"""
    now = clock.now()
    attempt = submit_exam(session(), attempt_id, body.answers, actor=current_actor(), now=now)
    return queries.describe_result(session(), attempt, now)


@bp.get("/exam-attempts/<uuid:attempt_id>/result")
@requires("training.attend")
@bp.output(ExamResultOut)
@bp.doc(responses={409: "还没有交卷"})
def result(attempt_id: UUID) -> ExamResultOut:
    """成绩和每题的解析"""
    attempt = queries.get_attempt(session(), attempt_id, current_actor())
    return queries.describe_result(session(), attempt, clock.now())
