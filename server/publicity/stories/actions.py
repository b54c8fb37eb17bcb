"""What the reporter says about showing it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.core.errors import Conflict
from server.kit.scope import ancestors_of
from server.kit.workflow import StepData, begin, perform
from server.publicity.stories.models import Story, StoryMove, StoryStatus
from server.publicity.stories.queries import find_offerable, find_story
from server.publicity.stories.schemas import OfferIn
from server.publicity.stories.workflow import STORIES
from server.unions.actor import Actor


def offer_story(session: Session, submission_id: UUID, form: OfferIn, *, actor: Actor, now: datetime) -> None:
    """Agree that others see it, so far; said again, it takes the place of what was said. Raises NotFound for somebody
    else's, Conflict for what cannot be shown."""
    rectification = find_offerable(session, submission_id, actor)
    if rectification is None:
        raise Conflict("销号以后，有整改前后的照片，而且不是匿名上报的，才能公开。", code="not_showable")
    story = find_story(session, submission_id)
    if story is not None:
        if story.consented is not form.reach or story.status is StoryStatus.RETRACTED:
            perform(STORIES, session, story.id, StoryMove.OFFER_AGAIN, actor=actor, now=now, form=form)
        return
    story = Story(
        id=ids.new_id(), submission_id=submission_id, status=StoryStatus.OFFERED, version=1, consented=form.reach,
        consented_on=day_of(now), category=rectification.category, title=rectification.excerpt[:60],
        **ancestors_of(rectification),
    )  # fmt: skip
    begin(STORIES, session, story, actor=actor, now=now, said=StepData(data={"reach": form.reach.value}))


def retract_story(session: Session, submission_id: UUID, *, actor: Actor, now: datetime) -> None:
    """The reporter thinks better of it. Safe to repeat."""
    story = find_story(session, submission_id)
    if story is not None and story.status in (StoryStatus.OFFERED, StoryStatus.RELEASED):
        perform(STORIES, session, story.id, StoryMove.RETRACT, actor=actor, now=now)
