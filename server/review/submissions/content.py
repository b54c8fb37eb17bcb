"""What a submission says, asked of the activity that it belongs to without knowing it.

Each activity registers a reader for its kind when the service is wired; review sits below the activities and never
imports them.
"""

from collections.abc import Callable
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

_readers: dict[Kind, ContentReader] = {}


def register_content(kind: Kind, reader: ContentReader) -> None:
    """Let `reader` tell what submissions of `kind` say. The last one registered counts."""
    _readers[kind] = reader


def read_content(session: Session, kind: Kind, submission_id: UUID) -> Content:
    """What the submission says. Empty if its kind has no reader (an activity that was taken out of service)."""
    reader = _readers.get(kind)
    return reader(session, submission_id) if reader is not None else Content()
