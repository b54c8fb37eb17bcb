"""Reads of stories, for those who reported them and for everybody who may see them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.web import cursors
from server.photos.models import Photo
from server.photos.pictures.links import picture_of
from server.photos.queries import list_by_ids, list_photos
from server.photos.schemas import PictureOut
from server.publicity.stories.models import Reach, Story, StoryStatus
from server.publicity.stories.schemas import OfferOut, StoriesQuery, StoryOut, StoryPage
from server.review.rectification.models import Rectification
from server.review.rectification.queries import is_closed_for_good, latest_after
from server.review.safety.queries import held_condition
from server.review.submissions.actions import REPORT_PURPOSES
from server.review.submissions.models import Status, Submission
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.models import Union

AnyRow = Row[*tuple[Any, ...]]


def find_story(session: Session, submission_id: UUID) -> Story | None:
    """The story of a submission, whatever its status."""
    return session.scalar(select(Story).where(Story.submission_id == submission_id))


def list_pictures(session: Session, submission_id: UUID) -> tuple[list[Photo], list[Photo]]:
    """The pictures that may stand for before and for after: what was reported, and the last word that it is done."""
    return _pictures(session, submission_id, _closed(session, submission_id))


def _pictures(
    session: Session, submission_id: UUID, rectification: Rectification | None
) -> tuple[list[Photo], list[Photo]]:
    photos = list_photos(session, [submission_id])[submission_id]
    before = [photo for photo in photos if photo.purpose in REPORT_PURPOSES]
    return before, latest_after(session, rectification.id, photos) if rectification is not None else []


def _closed(session: Session, submission_id: UUID) -> Rectification | None:
    return session.scalar(
        select(Rectification).where(Rectification.submission_id == submission_id, is_closed_for_good())
    )


def find_offerable(session: Session, submission_id: UUID, actor: Actor) -> Rectification | None:
    """How the actor's own hazard was put right, if it may be shown at all: under a name, closed, with pictures of both.
    Raises NotFound for somebody else's."""
    submission = session.get(Submission, submission_id)
    if submission is None or submission.reporter_id != actor.person_id:
        raise NotFound
    if submission.is_anonymous or submission.status is not Status.ACCEPTED:
        return None
    rectification = _closed(session, submission_id)
    return rectification if all(_pictures(session, submission_id, rectification)) else None


def describe_offer(session: Session, submission_id: UUID, actor: Actor) -> OfferOut:
    """What the reporter has said, and whether there is anything to say. Raises NotFound for somebody else's."""
    rectification = find_offerable(session, submission_id, actor)
    story = find_story(session, submission_id)
    is_agreed = story is not None and story.status is not StoryStatus.RETRACTED
    return OfferOut(
        can_offer=rectification is not None,
        has_enterprise=rectification is not None and rectification.enterprise_id is not None,
        status=story.status if story is not None else None,
        reach=story.consented if story is not None and is_agreed else None,
    )


# --- what others see --------------------------------------------------------------------------------------------------

Enterprise, District = aliased(Union, name="of_enterprise"), aliased(Union, name="of_district")
_SHOWN = (
    select(
        Story, Submission.campaign_id, Enterprise.name.label("enterprise_name"), District.name.label("district_name")
    )
    .join(Submission, Submission.id == Story.submission_id)
    .join(Rectification, and_(Rectification.submission_id == Story.submission_id, is_closed_for_good()))
    .outerjoin(Enterprise, Enterprise.id == Story.enterprise_id)
    .outerjoin(District, District.id == Story.district_id)
    .where(
        Story.status == StoryStatus.RELEASED, Submission.status == Status.ACCEPTED,
        ~held_condition(Story.submission_id),
    )
)  # fmt: skip


def _visible_to(actor: Actor) -> Select[*tuple[Any, ...]]:
    own = Story.enterprise_id == actor.enterprise_id if actor.enterprise_id is not None else None
    everybody = Story.reach == Reach.EVERYBODY
    return _SHOWN.where(everybody if own is None else or_(everybody, own))


def list_stories(session: Session, actor: Actor, query: StoriesQuery) -> StoryPage:
    """Those of the actor's own enterprise, or those for everybody, the newest first. Raises Invalid for a foreign
    cursor."""
    if query.of == "own" and actor.enterprise_id is None:
        return StoryPage(items=[], next=None)
    narrowed = Story.enterprise_id == actor.enterprise_id if query.of == "own" else Story.reach == Reach.EVERYBODY
    statement = _SHOWN.where(narrowed).order_by(Story.released_at.desc(), Story.id.desc()).limit(query.limit + 1)
    if query.after is not None:
        statement = statement.where(tuple_(Story.released_at, Story.id) < cursors.decode(query.after, datetime, UUID))
    rows = session.execute(statement).all()
    page = rows[: query.limit]
    last = page[-1].Story if len(rows) > query.limit else None
    return StoryPage(
        items=_described(session, page, actor),
        next=cursors.encode(last.released_at, last.id) if last is not None else None,
    )


def get_shown(session: Session, story_id: UUID, actor: Actor) -> StoryOut:
    """One of them. Raises NotFound for what the actor may not see."""
    rows = session.execute(_visible_to(actor).where(Story.id == story_id)).all()
    found = _described(session, rows, actor)
    if not found:
        raise NotFound
    return found[0]


def _described(session: Session, rows: Sequence[AnyRow], actor: Actor) -> list[StoryOut]:
    """As others see them; what has lost a picture is left out."""
    photos = list_by_ids(
        session, {each for row in rows for each in (row.Story.before_photo_id, row.Story.after_photo_id) if each}
    )
    return [story for row in rows if (story := _described_one(session, row, photos, actor)) is not None]


def _described_one(session: Session, row: AnyRow, photos: Mapping[UUID, Photo], actor: Actor) -> StoryOut | None:
    story = row.Story
    before, after = (_picture(photos.get(each)) for each in (story.before_photo_id, story.after_photo_id))
    if before is None or after is None:
        return None
    is_own = story.enterprise_id is not None and story.enterprise_id == actor.enterprise_id
    return StoryOut(
        id=story.id,
        title=story.title,
        words=story.words,
        category_name=campaign_facts(session, row.campaign_id).category_name(story.category),
        where=(row.enterprise_name if is_own else row.district_name) or "",
        released_on=in_shanghai(story.released_at).date(),
        before=before,
        after=after,
    )


def _picture(photo: Photo | None) -> PictureOut | None:
    return picture_of(photo) if photo is not None else None
