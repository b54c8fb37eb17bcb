"""Forms of the moves, and shapes for the worker's side. `text` is read by enterprise, unions and reporter, `note` by
unions alone; `version` is the one on the page."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Instant, Out, Prose
from server.photos.schemas import PhotoDeclared
from server.review.rectification.models import RecheckWay, RectifyStatus
from server.review.rectification.models import RectifyMove as Move
from server.review.submissions.schemas import PhotoOut, TimelineEntry

Text = Annotated[Prose, StringConstraints(max_length=1000)]
Required = Annotated[Prose, StringConstraints(min_length=1, max_length=1000)]
Days = Annotated[int, Field(ge=1, le=180)]
Evidence = Annotated[list[PhotoDeclared], Field(min_length=1, max_length=9)]


class MoveIn(In):
    """What every form of the console carries."""

    version: Annotated[int, Field(ge=1)]
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
}
"""Submitting is not among them: it declares evidence, and happens when the photos are here."""


class SubmitIn(In):
    """The enterprise says that it is done; the photos that show it come after. `version` as on the page."""

    version: Annotated[int, Field(ge=1)]
    text: Text = ""
    photos: Evidence


class EvidenceOut(Out):
    """What was declared: where each photo goes (`position` of the upload), which are already here."""

    id: UUID
    positions: list[int]
    received: list[bool]
    complete: bool


class ConfirmIn(In):
    """The reporter finds it right."""

    text: Text = ""


class ReopeningIn(In):
    """The reporter finds it not right, with a photo that shows it."""

    text: Required
    photos: Evidence


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
    timeline: list[TimelineEntry]
