"""What a submission says, asked of the activity that it belongs to without knowing it.

Each activity registers a reader for its kind when the service is wired; review sits below the activities and never
imports them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from server.review.submissions.models import Kind


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point in degrees; `datum` is `wgs84` or `gcj02`; `accuracy` in metres, None if unknown."""

    latitude: float
    longitude: float
    datum: str
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Content:
    """The words and the point of a submission."""

    description: str = ""
    coordinates: Coordinates | None = None


ContentReader = Callable[[Session, UUID], Content]

ContentsReader = Callable[[Session, Collection[UUID]], Mapping[UUID, Content]]
"""What many submissions say, in one statement; those that are none of its kind are left out."""

_readers: dict[Kind, ContentReader] = {}
_list_readers: dict[Kind, ContentsReader] = {}


def register_content(kind: Kind, reader: ContentReader) -> None:
    """Let `reader` tell what submissions of `kind` say. The last one registered counts."""
    _readers[kind] = reader


def register_contents(kind: Kind, reader: ContentsReader) -> None:
    """Let `reader` tell what many submissions of `kind` say at once. The last one registered counts."""
    _list_readers[kind] = reader


def read_content(session: Session, kind: Kind, submission_id: UUID) -> Content:
    """What the submission says. Empty if its kind has no reader (an activity that was taken out of service)."""
    reader = _readers.get(kind)
    return reader(session, submission_id) if reader is not None else Content()


def read_contents(session: Session, kind: Kind, submission_ids: Collection[UUID]) -> Mapping[UUID, Content]:
    """What these submissions of one kind say, in one statement; empty if its kind has no reader for many at once."""
    reader = _list_readers.get(kind)
    return reader(session, submission_ids) if reader is not None and submission_ids else {}
