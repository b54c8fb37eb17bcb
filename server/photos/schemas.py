"""Shapes of photos in and out."""

from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator

from server.core.web.schemas import In, Moment, Out

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Bytes = Annotated[int, Field(gt=0, le=2**31 - 1, description="字节数")]


class ShotIn(In):
    """What the camera wrote into the original, read on the phone: a copy made smaller there carries nothing of it."""

    taken_at: Annotated[AwareDatetime, Moment] | None = None
    latitude: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)] | None = None

    @model_validator(mode="after")
    def _is_a_place(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("经度和纬度要一起填")
        return self


class OriginalDeclared(In):
    """What a copy was made of, still on the phone. The hash is left out by phones that take too long for it."""

    size: Bytes
    sha256: Sha256 | None = None


class Edit(StrEnum):
    """What was drawn on a photo on the phone."""

    BLUR = "blur"  # faces and plates made unrecognisable
    MARKS = "marks"  # arrows and circles
    STAMP = "stamp"  # time and place


class MediaKind(StrEnum):
    """What one entry of a manifest is."""

    PHOTO = "photo"
    VIDEO = "video"  # a short one, at most one in a manifest


Edits = Annotated[list[Edit], Field(max_length=len(Edit), description="发之前在手机上画过什么：打码、标注、写时间地点")]


class PhotoDeclared(In):
    """A photo that is going to be sent: the hash and size of exactly those bytes. `original`: it is a smaller copy of
    that, which follows; `shot`: what the original says of itself; `edits`: what was drawn on it."""

    sha256: Sha256
    size: Bytes
    shot: ShotIn | None = None
    original: OriginalDeclared | None = None
    edits: Edits = []

    @model_validator(mode="after")
    def _hides_what_is_blurred(self) -> Self:
        if Edit.BLUR in self.edits and self.original is not None:
            raise ValueError("打了码的照片不能再发原图")
        return self

    @property
    def is_video(self) -> bool:
        return False


class MediaDeclared(PhotoDeclared):
    """A photo or a short video. Of a video nothing is made on the phone: it has no `shot`, `original` or `edits`."""

    kind: MediaKind = MediaKind.PHOTO

    @model_validator(mode="after")
    def _is_a_video_as_it_was_taken(self) -> Self:
        if self.is_video and (self.edits or self.original or self.shot):
            raise ValueError("视频不能打码、标注，也没有缩小了先发的")
        return self

    @property
    def is_video(self) -> bool:
        return self.kind is MediaKind.VIDEO


def _with_one_video(manifest: list[MediaDeclared]) -> list[MediaDeclared]:
    if sum(each.is_video for each in manifest) > 1:
        raise ValueError("一次最多发一段视频")
    return manifest


MediaManifest = Annotated[list[MediaDeclared], AfterValidator(_with_one_video)]
"""What comes with a report, in its order: photos, and a short video at most."""


class PhotoArrival(Out):
    """Where a batch of photos stands after one of them arrived."""

    position: int
    received: int
    expected: int
    complete: bool
    status: str


class PictureOut(Out):
    """A picture that can be looked at; links are signed and expire. `video_url`: it is a frame of this video."""

    id: UUID
    position: int
    thumbnail_url: str
    display_url: str
    video_url: str | None = None


class OriginalOut(Out):
    """How the original of one's own photo stands."""

    photo_id: UUID
    submission_id: UUID
    sha256: Annotated[Sha256, Field(description="先发的缩图的哈希")]
    state: Literal["kept", "received", "matched", "differs"]
    is_wanted: Annotated[bool, Field(description="工会要看原图，请尽快发")]


class OriginalsOut(Out):
    """Those that the service waits for, wanted ones first; not more than a hundred."""

    items: list[OriginalOut]


class PieceQuery(In):
    """Where a piece of a file belongs in it."""

    offset: Annotated[int, Field(ge=0, le=2**31 - 1, description="从第几个字节开始")]


class PieceOut(Out):
    """How much of the file is here; the next piece begins there."""

    received: int


class JoinedIn(In):
    """A file whose pieces have all come."""

    upload_id: Annotated[UUID, Field(description="分段上传时用的编号")]
    size: Bytes


class JoinedPhotoIn(JoinedIn):
    """The same of a photo of a submission."""

    position: Annotated[int, Field(ge=0, le=9999, description="第几张，从 0 开始")]


def _form(**fields: dict[str, object]) -> dict[str, object]:
    """An upload's body for the OpenAPI document: read as a stream, so no schema of APIFlask's can describe it."""
    schema = {"type": "object", "required": [*fields], "additionalProperties": False, "properties": fields}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


UPLOAD_FORM = _form(
    file={"type": "string", "format": "binary", "description": "照片原文件，字节与登记的一致"},
    position={"type": "integer", "minimum": 0, "maximum": 9999, "description": "第几张，从 0 开始"},
)
ORIGINAL_FORM = _form(file={"type": "string", "format": "binary", "description": "照片原文件"})
PIECE = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
"""A piece's body: the bytes from its offset on, a megabyte at most."""
