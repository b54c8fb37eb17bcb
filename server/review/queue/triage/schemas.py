"""What is posted to decide on many at once, and what pages show of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Out
from server.kit.scope import Choice
from server.review.decisions.queries import ReadyReply
from server.review.decisions.texts import MoveForm
from server.review.submissions.kinds.registry import MoveLabel
from server.review.submissions.models import Move

MOST = 200  # submissions of one batch
ChosenItem = Annotated[str, StringConstraints(pattern=r"^[0-9a-f-]{36}:[0-9]{1,9}$")]


class BatchIn(In):
    """`items` are `id:version`, as the list showed them."""

    move: Move
    items: Annotated[list[ChosenItem], Field(min_length=1, max_length=MOST)]


class Chosen(Out):
    """What was chosen, as BatchIn takes it, and whether the list holds more than may be decided at once."""

    items: list[str]
    more: bool


@dataclass(frozen=True, slots=True)
class LeftView:
    """A submission of a batch that was refused, or left when the batch was undone, and why."""

    href: str
    excerpt: str
    why: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """What became of a batch. `undo_seconds`: how long it can still be undone, 0 if not."""

    id: UUID
    text: str
    done: int
    left: Sequence[LeftView]
    undo_seconds: int


@dataclass(frozen=True, slots=True)
class BulkMove:
    """A decision that can be made on many at once, its form, and the ready replies to it."""

    move: Move
    label: MoveLabel
    form: MoveForm
    templates: tuple[ReadyReply, ...]


@dataclass(frozen=True, slots=True)
class Triage:
    """The bar below the list, all that it shows, by which it is drawn once. `most` is how many may be decided at once;
    `unions_below` are those that they can be passed down to."""

    most: int
    moves: tuple[BulkMove, ...]
    grades: tuple[Choice, ...]
    unions_below: tuple[Choice, ...]
