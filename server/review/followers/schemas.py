"""Shapes of following, for the worker's side."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import Cursor, In, Instant, Out, Page
from server.photos.schemas import PictureOut
from server.review.submissions.schemas import Step


class FollowIn(In):
    """`is_joint` comes from phones with an earlier version, without effect: a tap makes no joint reporter."""

    is_joint: bool = False


class FollowOut(Out):
    """How the asker follows a hazard now, and how many people do."""

    is_following: bool
    is_joint: bool
    followers: int


class FollowsQuery(In):
    """Which page of what one follows."""

    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class FollowedOut(Out):
    """Somebody else's hazard that one follows: how far it has come, not who sent it."""

    id: UUID
    category_name: str
    excerpt: str
    place: str
    status_text: str
    steps: list[Step]
    followed_at: Instant
    is_joint: bool


class FollowedDetail(FollowedOut):
    """All that a follower may see of it. Words and pictures only of what was sent under a name, at one's own enterprise
    or in the open; `own`: the pictures that the asker sent of it, which were merged into it."""

    description: str
    photos: list[PictureOut]
    after: list[PictureOut]
    own: list[PictureOut]


class FollowPage(Page[FollowedOut]):
    """A page of what one follows, the newest first."""
