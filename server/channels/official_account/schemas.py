"""Shapes of a draft begun in the chat."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Instant, Line, Out


class DraftKeyIn(In):
    """What stands in the link beside the draft's id."""

    key: Annotated[Line, StringConstraints(min_length=1, max_length=64)]


class DraftPoint(Out):
    """Where the follower said it is. WeChat's maps are in gcj02."""

    latitude: float
    longitude: float
    datum: Literal["gcj02"] = "gcj02"


class DraftPhotoOut(Out):
    """A photo of the draft; its bytes are at `…/photos/{position}`."""

    position: int
    size: int
    sha256: str


class VoiceOut(Out):
    """A voice message of a report; its bytes are at `…/voices/{id}`."""

    id: UUID
    seconds: int
    heard: str


class VoicesOut(Out):
    """Those of a report, in the order in which they were said."""

    voices: list[VoiceOut]


class DraftOut(Out):
    """A draft as it is now: it may still grow."""

    id: UUID
    description: str
    place: str
    coordinates: DraftPoint | None
    photos: list[DraftPhotoOut]
    voices: Annotated[int, Field(description="会跟着一起交上去的语音；匿名上报的不留")]
    waiting: Annotated[int, Field(description="还在从微信取的照片数；过一两秒再问一次")]
    refused: Annotated[list[str], Field(description="没有收下的照片各是什么原因")]
    expires_at: Instant
