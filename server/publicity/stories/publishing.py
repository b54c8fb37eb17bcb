"""Stories are seen by others, who may complain."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.published import Published, above_enterprises
from server.kit.workflow import perform
from server.publicity.stories.models import Reach, Story, StoryMove, StoryStatus
from server.publicity.stories.queries import get_shown
from server.publicity.stories.workflow import STORIES
from server.review.submissions.models import Submission
from server.unions.actor import Actor


@dataclass(frozen=True, slots=True)
class Reason:
    """Why it is taken down, on whichever version of it."""

    reason: str


def _answering_union(session: Session, story_id: UUID, actor: Actor) -> UUID:
    get_shown(session, story_id, actor)
    story = session.get_one(Story, story_id)
    if story.reach is Reach.ENTERPRISE and story.enterprise_id is not None:
        return story.enterprise_id
    return above_enterprises(session, session.get_one(Submission, story.submission_id).routed_union_id)


def _names(session: Session, story_ids: Collection[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(Story.id, Story.title).where(Story.id.in_(story_ids)))
    return {row.id: row.title for row in rows}


def _owners(session: Session, story_id: UUID) -> Collection[UUID]:
    reported = select(Submission.reporter_id).join(Story, Story.submission_id == Submission.id)
    return set(session.scalars(reported.where(Story.id == story_id)))


def _take_down(session: Session, story_id: UUID, reason: str, actor: Actor, now: datetime) -> None:
    if session.scalar(select(Story.status).where(Story.id == story_id)) is StoryStatus.RELEASED:
        perform(STORIES, session, story_id, StoryMove.TAKE_DOWN, actor=actor, now=now, form=Reason(reason))


PUBLISHED = Published(
    subject="story",
    label="整改案例",
    shown_at=("/api/v1/stories", "/api/v1/stories/{story_id}"),
    path="/console/stories",
    answering_union=_answering_union,
    names=_names,
    owners=_owners,
    take_down=_take_down,
)
