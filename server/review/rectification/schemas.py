"""Forms of the moves, shapes for the worker's side, and what the console's pages are given. `text` is read by
enterprise, unions and reporter, `note` by unions alone; `version` is the one on the page. Times are aware UTC."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Instant, Line, Out, Prose
from server.kit.documents.models import Document
from server.kit.selections import Picked, read_picked
from server.photos.schemas import PhotoDeclared
from server.review.decisions.queries import ReadyReply
from server.review.rectification.models import RecheckWay, RectifyStatus, Satisfaction
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.texts import MoveForm
from server.review.submissions.schemas import PhotoOut, TimelineEntry
from server.unions.actor import Placed

Text = Annotated[Prose, StringConstraints(max_length=1000)]
Required = Annotated[Prose, StringConstraints(min_length=1, max_length=1000)]
Days = Annotated[int, Field(ge=1, le=180)]
Evidence = Annotated[list[PhotoDeclared], Field(min_length=1, max_length=9)]


class MoveIn(In):
    """What every form of the console carries."""

    version: Annotated[int, Field(ge=1, le=2_000_000_000)]
    text: Text = ""
    note: Text = ""


class ReasonedIn(MoveIn):
    """With a reason that the other side reads."""

    text: Required


class ExtensionIn(ReasonedIn):
    """How many working days more, and why."""

    days: Days


class GrantIn(MoveIn):
    """How many working days are granted: fewer than asked for is possible."""

    days: Days


class CloseIn(MoveIn):
    """It was rechecked and is right."""

    way: RecheckWay


class NoteIn(MoveIn):
    """A note among unions."""

    note: Required


FORMS: Mapping[Move, type[MoveIn]] = {
    Move.ACCEPT: MoveIn,
    Move.DISPUTE: ReasonedIn,
    Move.ASK_EXTENSION: ExtensionIn,
    Move.UPHOLD: ReasonedIn,
    Move.DROP: ReasonedIn,
    Move.GRANT_EXTENSION: GrantIn,
    Move.REFUSE_EXTENSION: ReasonedIn,
    Move.CLOSE: CloseIn,
    Move.SEND_BACK: ReasonedIn,
    Move.NOTE: NoteIn,
    Move.UNDO: MoveIn,
}
"""Submitting is not among them: it declares evidence, and happens when the photos are here."""
CONCLUSIONS = (Move.CLOSE, Move.SEND_BACK)
"""Of a recheck."""


class SheetQuery(In):
    """Which ones are rechecked side by side: ids with commas between."""

    ids: Annotated[Line, StringConstraints(max_length=1000)] = ""

    @property
    def chosen(self) -> list[UUID]:
        """The ids; what is none is left out."""
        found = []
        for each in self.ids.split(","):
            with suppress(ValueError):
                found.append(UUID(each))
        return found


class TakeBackIn(In):
    """Which conclusions are taken back: what `spell` made of them, with commas between."""

    rows: Annotated[Line, StringConstraints(max_length=2000)]

    @property
    def chosen(self) -> list[Picked]:
        """Them, in the order of their ids. Raises Invalid."""
        return read_picked(self.rows.split(","))


class SubmitIn(In):
    """The enterprise says that it is done; the photos that show it come after. `version` as on the page."""

    version: Annotated[int, Field(ge=1)]
    text: Text = ""
    photos: Evidence


class ConfirmIn(In):
    """The reporter finds it right."""

    text: Text = ""


class ReopeningIn(In):
    """The reporter finds it not right, with a photo that shows it."""

    text: Required
    photos: Evidence


class RatingIn(In):
    """What the reporter thinks of how it ended."""

    satisfaction: Satisfaction
    words: Text = ""


class RectificationOut(Out):
    """How a hazard is put right, as its reporter sees it. `answer`: the enterprise's words; `after`: its latest photos;
    photo links are signed and expire."""

    id: UUID
    status: RectifyStatus
    status_text: str
    due_at: Instant
    first_due_at: Instant
    is_overdue: bool
    measures: str
    responsible: str
    addressee_name: str
    answer: str | None
    before: list[PhotoOut]
    after: list[PhotoOut]
    closed_at: Instant | None
    reopen_until: Instant | None
    can_confirm: bool
    can_reopen: bool
    can_rate: bool
    satisfaction: Satisfaction | None
    timeline: list[TimelineEntry]


# --- pages ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo. Links are None until the picture is there; `original_url` also where it could betray who took it, and
    `link_text` says what is found there; `edits_text`: what was drawn on it before it was sent."""

    id: UUID
    label: str
    thumbnail_url: str | None
    display_url: str | None
    original_url: str | None
    link_text: str
    edits_text: str
    video_url: str | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """Something that happened. `day_only`: the time of day is not for this viewer."""

    move: Move
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

    move: Move
    label: str
    form: MoveForm
    action: str
    needs_text: bool
    templates: Sequence[ReadyReply]


@dataclass(frozen=True, slots=True)
class FormState:
    """A form that was refused, shown again with what was typed. `errors`: field to words."""

    move: Move | None = None
    message: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PaperView:
    """A kind of paper (papers/kinds.py), what was issued of it, and whether the viewer may issue one now."""

    paper: Any
    documents: Sequence[Document]
    can_issue: bool


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
    addressee_id: UUID
    addressee_name: str
    issuer_name: str
    reporter: str
    rating_text: str | None
    rating_words: str
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
    submission_href: str | None  # None: it was sent past the viewer's union
    before: Sequence[PhotoView]
    after: Sequence[PhotoView]
    history: Sequence[StepView]
    moves: Sequence[AvailableMove]
    waiting: str
    papers: Sequence[PaperView]
    list_href: str
    previous_href: str | None
    next_href: str | None
    position: str | None
    form: FormState

    @property
    def is_seen(self) -> bool:
        """Whether who opens it looks at what is to be rechecked."""
        may_close = any(each.move is Move.CLOSE for each in self.moves)
        return may_close and bool(self.after) and all(photo.display_url for photo in self.after)
