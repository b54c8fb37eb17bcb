"""What the review page is given: plain values, ready to be shown. For whoever writes templates.

Times are aware UTC; links are paths on this site (photo links are signed and expire). Templates get `page`,
an ItemPage.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.kit.scope import Choice
from server.photos.pictures.links import PhotoUrls
from server.review.decisions.texts import MoveForm
from server.review.duplicates.matching.candidates import RelatedPanel
from server.review.safety.queries import SafetyView
from server.review.submissions.kinds.content import Coordinates, LocationCode
from server.review.submissions.kinds.registry import KindWords
from server.review.submissions.models import Kind, Move, Status
from server.unions.actor import Placed


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo, or a video, on the review page. Links are None until the picture is there. EXIF place is WGS-84."""

    id: UUID
    position: int
    state: str
    thumbnail_url: str | None
    display_url: str | None
    original_url: str | None
    video_url: str | None
    seconds: float | None  # of a video
    is_video: bool
    link_text: str  # what is found there
    width: int | None
    height: int | None
    taken_at: datetime | None
    device: str | None
    latitude: float | None
    longitude: float | None
    from_answer: bool
    edits_text: str  # what was drawn on it before it was sent
    original_text: str  # whether it is as it was taken, or a copy made smaller on the phone, and where the original is
    may_ask: bool  # for the original: it is still on the phone, nobody has asked, and this viewer may have it


@dataclass(frozen=True, slots=True)
class ReporterView:
    """Who reported it. `is_masked`: the viewer may not see private data, so name and phone are shortened. `is_hidden`:
    the report is anonymous and its name not opened, or not to this viewer: there is nothing here but 匿名职工.
    `phone_href`: the way to the whole number, for those who may read it; going there is on record. `href`: the page of
    the person, where it may be opened; never from an anonymous report."""

    name: str | None
    phone: str | None
    is_masked: bool
    enterprise_name: str | None
    is_hidden: bool = False
    phone_href: str | None = None
    href: str | None = None


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A step with everything that this reviewer may know. `is_internal`: the reporter does not see it at all;
    `day_only`: `at` is the beginning of the day, for the time would tell who it was."""

    at: datetime
    move: Move
    title: str
    by: str | None
    union_name: str | None
    public_text: str | None
    internal_note: str | None
    detail: str | None
    is_internal: bool
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A ready reply."""

    id: UUID
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class AvailableMove:
    """A move that the viewer may make now. Post its form to `action`. `fields` names what the form sends beside
    `version` and `csrf_token`: of grade, measures, responsible, rectify_days, reply, note, target_id, union_id; those
    in `required` must not be empty.
    """

    move: Move
    label: str
    form: MoveForm
    action: str
    key: str
    fields: Sequence[str]
    required: Sequence[str]
    templates: Sequence[TemplateView]
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Who is handling it now, until when."""

    by_name: str | None
    is_mine: bool
    until: datetime


@dataclass(frozen=True, slots=True)
class RelatedView:
    """Another submission: the one this is a duplicate of, or one merged into this."""

    id: UUID
    number: str
    href: str
    excerpt: str
    status: Status
    status_text: str
    created_at: datetime
    thumbnail_url: str | None
    day_only: bool = False
    photos: Sequence[PhotoUrls] = ()


@dataclass(frozen=True, slots=True)
class FollowUpLink:
    """How an accepted submission goes on, in a word; `href` leads to the page of it where there is one."""

    href: str | None
    text: str


@dataclass(frozen=True, slots=True)
class FormState:
    """A form that was refused, shown again with what was typed. `errors`: field to words; `message`: in one line."""

    move: Move | None = None
    message: str | None = None
    code: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """The review page. `previous_href` and `next_href` are the neighbours in the list it was opened from, `list_href`;
    `position` is where it stands in that list, like 3 / 48; `next_photo_urls` are what browsers may fetch ahead.

    `day_only`: the viewer may know the day it was sent and no more (identity.py). `follow_up` leads on to what came of
    it.

    `moves` are those that the viewer may make now, in the order of the decision bar; `refusal` says why there is
    nothing to decide (own submission, passed on, handled by somebody else), None if there is.
    `placed`: where it lies in the tree, for what the page offers by other permissions. `kept_from_name`: the enterprise
    that it is about, where the reporter asked the union above to handle it.
    """

    id: UUID
    number: str
    placed: Placed
    kind: Kind
    words: KindWords
    version: int
    status: Status
    status_text: str
    is_anonymous: bool
    day_only: bool
    category: str
    category_name: str
    description: str
    place: str
    area: str
    coordinates: Coordinates | None
    location: LocationCode | None
    enterprise_name: str | None
    kept_from_name: str | None
    routed_name: str
    grade: int | None
    grade_name: str | None
    created_at: datetime
    arrived_at: datetime | None
    due_at: datetime | None
    is_overdue: bool
    photos: Sequence[PhotoView]
    photos_expected: int
    reporter: ReporterView
    history: Sequence[HistoryEntry]
    claim: ClaimView | None
    moves: Sequence[AvailableMove]
    refusal: str | None
    grades: Sequence[Choice]
    unions_below: Sequence[Choice]
    duplicate_of: RelatedView | None
    duplicates: Sequence[RelatedView]
    related: RelatedPanel
    safety: SafetyView
    list_href: str
    previous_href: str | None
    next_href: str | None
    next_photo_urls: Sequence[str]
    position: str | None
    follow_up: FollowUpLink | None
    form: FormState
