"""JSON for the worker's side: one's own submissions."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core import clock
from server.core.errors import Invalid
from server.core.ids import is_uuid7
from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.review.submissions.actions import answer_submission, withdraw_submission
from server.review.submissions.queries import get_own_submission, list_own_submissions
from server.review.submissions.schemas import AnswerIn, SubmissionOut, SubmissionPage, SubmissionsQuery
from server.unions.actor import current_actor

bp = APIBlueprint("submissions", __name__, url_prefix="/api/v1", tag="submissions")


@bp.get("/submissions")
@requires("submission.read_own")
@bp.input(SubmissionsQuery, location="query", arg_name="query")
@bp.output(SubmissionPage)
def list_mine(query: SubmissionsQuery) -> SubmissionPage:
    """我提交的内容，最新的在前"""
    return list_own_submissions(session(), current_actor(), query.after, query.limit)


@bp.get("/submissions/<uuid:submission_id>")
@requires("submission.read_own")
@bp.output(SubmissionOut)
def get_mine(submission_id: UUID) -> SubmissionOut:
    """一条内容的详情和进展"""
    return get_own_submission(session(), submission_id, current_actor())


@bp.post("/submissions/<uuid:submission_id>/withdraw")
@requires("submission.withdraw_own")
@bp.output(SubmissionOut)
def withdraw(submission_id: UUID) -> SubmissionOut:
    """撤回（还没有处理结果时）"""
    actor = current_actor()
    withdraw_submission(session(), submission_id, actor=actor, now=clock.now())
    return get_own_submission(session(), submission_id, actor)


@bp.put("/submissions/<uuid:submission_id>/answers/<uuid:answer_id>")
@requires("submission.answer_own")
@bp.input(AnswerIn, arg_name="body")
@bp.output(SubmissionOut, status_code=201)
@bp.doc(responses={200: "同样的内容已经收到过"})
def answer(submission_id: UUID, answer_id: UUID, body: AnswerIn) -> tuple[SubmissionOut, int]:
    """补充情况；编号由手机生成，重复发送不会重复"""
    if not is_uuid7(answer_id):
        raise Invalid("编号格式不对。", fields={"answer_id": "要用 UUIDv7"})
    actor = current_actor()
    is_new = answer_submission(session(), submission_id, answer_id, body, actor=actor, now=clock.now())
    return get_own_submission(session(), submission_id, actor), 201 if is_new else 200
