"""JSON for the worker's side: agreeing that others see it, and seeing what was put right."""

from uuid import UUID

from apiflask import APIBlueprint
from flask import Response

from server.core import clock
from server.core.web.access import requires
from server.core.web.limits import CHANGES_OF_MIND, limiter
from server.core.web.unit_of_work import read_only_session, session
from server.publicity.stories.actions import offer_story, retract_story
from server.publicity.stories.queries import describe_offer, get_shown, list_stories
from server.publicity.stories.schemas import OfferIn, OfferOut, StoriesQuery, StoryOut, StoryPage
from server.unions.actor import current_actor

bp = APIBlueprint("stories", __name__, url_prefix="/api/v1", tag="stories")


@bp.get("/submissions/<uuid:submission_id>/story")
@requires("story.offer")
@bp.output(OfferOut)
def offered(submission_id: UUID) -> OfferOut:
    """我报的这一条，我同意给谁看整改前后的照片"""
    with read_only_session() as reader:
        return describe_offer(reader, submission_id, current_actor())


@bp.put("/submissions/<uuid:submission_id>/story")
@requires("story.offer")
@limiter.limit(CHANGES_OF_MIND)
@bp.input(OfferIn, arg_name="body")
@bp.output(OfferOut)
@bp.doc(responses={409: "还没有销号、没有照片，或者是匿名上报的"})
def offer(submission_id: UUID, body: OfferIn) -> OfferOut:
    """同意给别的职工看整改前后的照片，不写姓名，由工会审核后发布"""
    actor = current_actor()
    offer_story(session(), submission_id, body, actor=actor, now=clock.now())
    return describe_offer(session(), submission_id, actor)


@bp.delete("/submissions/<uuid:submission_id>/story")
@requires("story.offer")
@limiter.limit(CHANGES_OF_MIND)
@bp.output({}, status_code=204)
def retract(submission_id: UUID) -> Response:
    """不再给别人看；已经发布的马上看不到"""
    actor = current_actor()
    describe_offer(session(), submission_id, actor)  # 404 for somebody else's
    retract_story(session(), submission_id, actor=actor, now=clock.now())
    return Response(status=204)


@bp.get("/stories")
@requires("story.look")
@bp.input(StoriesQuery, location="query", arg_name="query")
@bp.output(StoryPage)
def stories(query: StoriesQuery) -> StoryPage:
    """整改前后的案例，最新的在前：自己企业的，或者给全市看的"""
    with read_only_session() as reader:
        return list_stories(reader, current_actor(), query)


@bp.get("/stories/<uuid:story_id>")
@requires("story.look")
@bp.output(StoryOut)
@bp.doc(responses={404: "没有这个案例，或者已经撤下"})
def story(story_id: UUID) -> StoryOut:
    """一个整改案例"""
    with read_only_session() as reader:
        return get_shown(reader, story_id, current_actor())
