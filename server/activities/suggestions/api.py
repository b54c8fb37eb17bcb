"""JSON for the worker's side: suggestions."""

from uuid import UUID

from apiflask import APIBlueprint

from server.activities.suggestions.actions import (
    answer_co_authorship,
    submit_suggestion,
    support,
    withdraw_support,
)
from server.activities.suggestions.queries import get_suggestion, list_categories, list_published
from server.activities.suggestions.schemas import (
    CoAuthorshipIn,
    PublishedPage,
    PublishedQuery,
    SuggestionCategories,
    SuggestionIn,
    SuggestionOut,
    SupportOut,
)
from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import day_quota
from server.core.web.unit_of_work import session
from server.review.submissions.queries import get_own_submission, knows_submission
from server.review.submissions.schemas import SubmissionOut
from server.unions.actor import current_actor

bp = APIBlueprint("suggestions", __name__, url_prefix="/api/v1/suggestions", tag="suggestions")


@bp.get("/categories")
@requires("suggestion.write")
@bp.output(SuggestionCategories)
def categories() -> SuggestionCategories:
    """建议类别"""
    return list_categories(session())


@bp.put("/<uuid:suggestion_id>")
@requires("suggestion.write")
@day_quota(
    "day_suggestions", is_known=lambda suggestion_id: knows_submission(session(), suggestion_id, current_actor())
)
@bp.input(SuggestionIn, arg_name="body")
@bp.output(SubmissionOut, status_code=201)
@bp.doc(responses={200: "同样的内容已经收到过", 409: "这个编号下已有别的内容"})
def write(suggestion_id: UUID, body: SuggestionIn) -> tuple[SubmissionOut, int]:
    """提出建议；编号由手机生成，重复发送不会重复"""
    actor = current_actor()
    is_new = submit_suggestion(session(), suggestion_id, body, actor=actor, now=clock.now())
    return get_own_submission(session(), suggestion_id, actor), 201 if is_new else 200


@bp.get("")
@requires("suggestion.support")
@bp.input(PublishedQuery, location="query", arg_name="query")
@bp.output(PublishedPage)
def published(query: PublishedQuery) -> PublishedPage:
    """公开展示的建议，最新的在前"""
    return list_published(session(), current_actor(), query.after, query.limit)


@bp.get("/<uuid:suggestion_id>")
@requires("suggestion.support")
@bp.output(SuggestionOut)
def detail(suggestion_id: UUID) -> SuggestionOut:
    """一条建议：自己的、共同的，或公开的"""
    return get_suggestion(session(), suggestion_id, current_actor())


@bp.put("/<uuid:suggestion_id>/support")
@requires("suggestion.support")
@bp.output(SupportOut)
@bp.doc(responses={404: "没有公开", 409: "自己的建议"})
def add_support(suggestion_id: UUID) -> SupportOut:
    """支持"""
    return support(session(), suggestion_id, actor=current_actor(), now=clock.now())


@bp.delete("/<uuid:suggestion_id>/support")
@requires("suggestion.support")
@bp.output(SupportOut)
def remove_support(suggestion_id: UUID) -> SupportOut:
    """不再支持"""
    return withdraw_support(session(), suggestion_id, actor=current_actor())


@bp.post("/<uuid:suggestion_id>/co-authorship")
@requires("suggestion.write")
@bp.input(CoAuthorshipIn, arg_name="body")
@bp.output(SuggestionOut)
def co_authorship(suggestion_id: UUID, body: CoAuthorshipIn) -> SuggestionOut:
    """确认或拒绝做共同建议人"""
    actor = current_actor()
    answer_co_authorship(session(), suggestion_id, accept=body.accept, actor=actor, now=clock.now())
    return get_suggestion(session(), suggestion_id, actor)
