"""What the console's pages of rectifications are given: plain values, ready to be shown. Times are aware UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.review.rectification.models import RectifyMove, RectifyStatus
from server.unions.actor import Placed


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
class AvailableMove:
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
    acts: Sequence[AvailableMove]
    waiting: str
    list_href: str
    form: FormState
