"""What the console's pages of rectifications are given: plain values, ready to be shown. Times are aware UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.kit.scope import Choice
from server.review.rectification.filters import RectificationFilter
from server.review.rectification.models import RectifyMove, RectifyStatus
from server.unions.actor import Placed


@dataclass(frozen=True, slots=True)
class TabView:
    """A tab to switch to. `count` is "12" or "999+"; None where it is not counted."""

    value: str
    text: str
    count: str | None
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """One line of the list. `is_due`: the deadline runs."""

    href: str
    status: RectifyStatus
    status_text: str
    chip: str
    excerpt: str
    place: str
    category_name: str
    addressee_name: str
    area: str
    grade: int
    grade_name: str | None
    due_at: datetime
    is_due: bool
    asked_days: int | None
    closed_at: datetime | None
    thumbnail_url: str | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """The list. `next_href` None on the last page, `first_href` None on the first."""

    filters: RectificationFilter
    rows: Sequence[RowView]
    tabs: Sequence[TabView]
    unions: Sequence[Choice]
    categories: Sequence[Choice]
    grades: Sequence[Choice]
    next_href: str | None
    first_href: str | None
    is_filtered: bool
    clear_href: str


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo. Links are None until the picture is there; `original_url` also where it could betray who took it."""

    id: UUID
    label: str
    thumbnail_url: str | None
    display_url: str | None
    original_url: str | None


@dataclass(frozen=True, slots=True)
class StepView:
    """Something that happened. `day_only`: the time of day is not for this viewer."""

    move: RectifyMove
    title: str
    at: datetime
    day_only: bool
    by: str | None
    union_name: str | None
    text: str | None
    note: str | None
    detail: str | None
    photos: Sequence[PhotoView]


@dataclass(frozen=True, slots=True)
class ActView:
    """A move that the viewer may make now. Its form posts `fields` beside `version` to `action`."""

    move: RectifyMove
    label: str
    icon: str
    hint: str
    text_label: str
    fields: Sequence[str]
    action: str
    kind: str
    needs_text: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class FormState:
    """A form that was refused, shown again with what was typed. `errors`: field to words."""

    move: RectifyMove | None = None
    message: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One rectification. `waiting`: whose turn it is, said to those who cannot do anything themselves; `placed`: where
    it lies in the tree, for what the page offers by other permissions."""

    id: UUID
    placed: Placed
    version: int
    status: RectifyStatus
    status_text: str
    chip: str
    description: str
    category_name: str
    grade: int
    grade_name: str | None
    place: str
    area: str
    addressee_name: str
    issuer_name: str
    reporter: str
    is_anonymous: bool
    number: str
    measures: str
    responsible: str
    due_at: datetime
    first_due_at: datetime
    is_due: bool
    rest_days: int | None
    asked_days: int | None
    reopenings: int
    closed_at: datetime | None
    closed_day_only: bool
    way_text: str | None
    reopen_until: datetime | None
    submission_href: str
    before: Sequence[PhotoView]
    after: Sequence[PhotoView]
    history: Sequence[StepView]
    acts: Sequence[ActView]
    waiting: str
    list_href: str
    form: FormState
