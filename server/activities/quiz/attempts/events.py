"""What attempts announce."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptGraded(Event):
    """An attempt was graded. `wrong`: the versions of the questions that were answered wrong."""

    name: ClassVar[str] = "quiz.attempt_graded"

    person_id: UUID
    wrong: tuple[UUID, ...]
