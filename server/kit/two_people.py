"""What takes two people: one begins it, another has to agree."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from server.core.errors import AppError, Forbidden
from server.kit.workflow import MoveContext


def by_another(first: Callable[[Any], UUID | None], words: str) -> Callable[[MoveContext[Any]], AppError | None]:
    """The guard of what takes two people: whoever made the first half, as `first` reads it off the row, does not make
    the second."""

    def refuse(context: MoveContext[Any]) -> AppError | None:
        is_same = context.actor is not None and context.actor.is_own(first(context.row))
        return Forbidden(words, code="second_person_needed") if is_same else None

    return refuse
