"""Shapes of stories."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import Cursor, In, Line, Out, Page, Prose
from server.photos.schemas import PictureOut
from server.publicity.stories.models import Reach, StoryStatus

Words = Annotated[Prose, StringConstraints(max_length=500)]
Version = Annotated[int, Field(ge=1)]


class OfferIn(In):
    """The reporter agrees that others see it, and how far."""

    reach: Reach


class OfferOut(Out):
    """`can_offer`: it is closed, has pictures before and after, and was sent under a name; `reach`: what the reporter
    agreed to, null when to nothing."""

    can_offer: bool
    has_enterprise: bool
    status: StoryStatus | None
    reach: Reach | None


class StoriesQuery(In):
    """Which page of which."""

    of: Literal["own", "everybody"] = "everybody"
    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class StoryOut(Out):
    """A hazard that was put right. Names nobody; `where`: the enterprise for its own people, else the district."""

    id: UUID
    title: str
    words: str
    category_name: str
    where: str
    released_on: date
    before: PictureOut
    after: PictureOut


class StoryPage(Page[StoryOut]):
    """A page of them, the newest first."""


class MoveIn(In):
    """`version` is the one on the page."""

    version: Version


class ReasonIn(MoveIn):
    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]


class ReleaseIn(MoveIn):
    """What is shown to whom. `is_looked_at`: nobody can be recognised in it."""

    title: Annotated[Line, StringConstraints(min_length=1, max_length=60)]
    words: Words = ""
    before: UUID
    after: UUID
    reach: Reach
    is_looked_at: bool = False
