"""What following and succession announce."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionFollowed(Event):
    """Somebody else saw it too."""

    name: ClassVar[str] = "submission.followed"

    submission_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionLeftBehind(Event):
    """It was withdrawn, and nobody's report takes its place."""

    name: ClassVar[str] = "submission.left_behind"

    submission_id: UUID
