"""JSON for the worker's side: following what somebody else sent."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import day_quota, limiter
from server.core.web.unit_of_work import session
from server.review.followers.actions import follow_submission, unfollow_submission
from server.review.followers.queries import count_followers, get_followed, list_follows
from server.review.followers.schemas import FollowedDetail, FollowIn, FollowOut, FollowPage, FollowsQuery
from server.unions.actor import current_actor

bp = APIBlueprint("followers", __name__, url_prefix="/api/v1", tag="hazards")


@bp.put("/submissions/<uuid:submission_id>/follow")
@requires("submission.follow")
@limiter.limit("60/minute")
@day_quota("day_follows", status=200)
@bp.input(FollowIn, arg_name="body")
@bp.output(FollowOut)
@bp.doc(responses={404: "没有这条隐患", 409: "是自己提交的，或者已经处理完"})
def follow(submission_id: UUID, body: FollowIn) -> FollowOut:
    """“我也看到了”：关注别人上报的隐患；自己拍照上报、由工会合并的才算共同上报"""
    actor = current_actor()
    follow_submission(session(), submission_id, actor=actor, now=clock.now())
    return count_followers(session(), [submission_id], actor)[submission_id]


@bp.delete("/submissions/<uuid:submission_id>/follow")
@requires("submission.follow")
@bp.output({}, status_code=204)
def unfollow(submission_id: UUID) -> Response:
    """不再关注"""
    unfollow_submission(session(), submission_id, actor=current_actor())
    return Response(status=204)


@bp.get("/follows")
@requires("submission.follow")
@bp.input(FollowsQuery, location="query", arg_name="query")
@bp.output(FollowPage)
def list_mine(query: FollowsQuery) -> FollowPage:
    """我关注的隐患，最新的在前"""
    return list_follows(session(), current_actor(), query.after, query.limit)


@bp.get("/follows/<uuid:submission_id>")
@requires("submission.follow")
@bp.output(FollowedDetail)
@bp.doc(responses={404: "没有关注这一条"})
def followed(submission_id: UUID) -> FollowedDetail:
    """我关注的一条：进展，和我可以看的照片"""
    return get_followed(session(), submission_id, current_actor())
