"""Shapes of submissions for the worker's side."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import Cursor, In, Instant, Out, Page, Prose
from server.photos.schemas import MediaManifest
from server.review.submissions.models import Kind, Status


class SubmissionsQuery(In):
    """Which page of one's own submissions."""

    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class AnswerIn(In):
    """The reporter's answer to a question; at least words or a photo."""

    text: Annotated[Prose, StringConstraints(max_length=1000)] = ""
    photos: Annotated[MediaManifest, Field(max_length=9)] = []


Text = Annotated[Prose, StringConstraints(max_length=1000)]
Required = Annotated[Prose, StringConstraints(min_length=1, max_length=1000)]


class MoveIn(In):
    """What every form carries. Claim and release need no version: they change nothing that others decide on."""

    version: Annotated[int, Field(ge=1)] | None = None
    note: Text = ""
    reply: Text = ""


class VersionedIn(MoveIn):
    version: Annotated[int, Field(ge=1)]


class SubmissionSummary(Out):
    """One line of the list. `number` is what people call it once it has arrived, like 2026-000123Y; `thumbnail_url` is
    signed and expires."""

    id: UUID
    number: str | None
    kind: Kind
    status: Status
    status_text: str
    category: str
    category_name: str
    excerpt: str
    place: str
    enterprise_name: str | None
    grade: int | None
    photos_expected: int
    photos_received: int
    thumbnail_url: str | None
    created_at: Instant
    updated_at: Instant
    needs_answer: bool
    is_done: bool
    is_anonymous: bool
    is_direct: bool


class CoordinatesOut(Out):
    """A point in degrees in its own datum; accuracy in metres."""

    latitude: float
    longitude: float
    datum: Literal["gcj02", "wgs84"]
    accuracy: float | None


class PhotoOut(Out):
    """A photo or video of the manifest; links are signed, expire, and need no header. A video's pictures are of a frame
    of it. `from_answer`: came later."""

    id: UUID
    position: int
    sha256: str
    state: Literal["awaited", "received", "ready", "damaged"]
    thumbnail_url: str | None
    display_url: str | None
    video_url: str | None = None
    kind: Literal["photo", "video"] = "photo"
    seconds: float | None = None
    from_answer: bool


class TimelineEntry(Out):
    """Something that happened, as the reporter may see it."""

    at: Instant
    kind: str
    title: str
    text: str | None
    by: str | None


class Step(Out):
    """One step of the way, like a parcel's."""

    title: str
    state: Literal["done", "current", "ahead"]
    at: Instant | None
    note: str | None


class SubmissionOut(SubmissionSummary):
    """A submission with everything that its reporter may see. `handler_name`: the union that answers for it now;
    `location_code`: what was scanned on the spot; `joined_id`: somebody else's into which it was merged, which its
    reporter follows since."""

    handler_name: str
    description: str
    coordinates: CoordinatesOut | None
    location_code: str | None
    photos: list[PhotoOut]
    question: str | None
    reply: str | None
    due_at: Instant | None
    duplicate_of: UUID | None
    joined_id: UUID | None
    timeline: list[TimelineEntry]
    steps: list[Step]
    can_withdraw: bool


class SubmissionPage(Page[SubmissionSummary]):
    """A page of one's own submissions, newest first."""


class StepFacts(Out):
    """What the steps of the way are derived from."""

    status: Status
    kind: Kind
    created_at: datetime
    updated_at: datetime
    photos_expected: int
    photos_received: int
    union_name: str
    arrived_at: datetime | None = None
    decided_at: datetime | None = None
    due_at: datetime | None = None
    question: str | None = None
    reply: str | None = None
    grade_name: str | None = None
