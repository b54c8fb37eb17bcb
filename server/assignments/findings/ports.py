"""Where the slice that keeps hazards makes one of what an answer found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.ports import Port
from server.core.storage.base import ObjectStore
from server.kit.files.models import AttachedFile
from server.review.submissions.routing.answering_union import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHazard:
    """What a check found: no worker's report, so no campaign has to be open for it."""

    reporter_id: UUID
    campaign_id: UUID
    categories: Sequence[str]  # the first that the campaign has is taken
    description: str
    place: str
    route: Route
    pictures: Sequence[AttachedFile]


class MakesHazard(Protocol):
    """Writes the hazard, with copies of its pictures, and returns its id."""

    def __call__(self, session: Session, store: ObjectStore, found: FoundHazard, /, *, now: datetime) -> UUID: ...


HAZARDS: Port[MakesHazard] = Port("findings.hazards")
"""Makes a hazard of what failed. One slice answers."""


def make_hazard(session: Session, store: ObjectStore, found: FoundHazard, *, now: datetime) -> UUID:
    """By whoever keeps hazards."""
    [makes] = HAZARDS.answers
    return makes(session, store, found, now=now)
