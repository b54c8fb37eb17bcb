"""Which steps stand: a recheck that was taken back before anybody heard of it counts as none. Pure."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from server.review.rectification.models import RectifyMove as Move

VERDICTS = (Move.CLOSE, Move.SEND_BACK)
"""What a recheck ends with."""


class HasMove(Protocol):
    """A step, or a row with its move."""

    @property
    def move(self) -> Move: ...


S = TypeVar("S", bound=HasMove)


def without_undone(steps: Iterable[S]) -> list[S]:
    """Those of one rectification, in their order, without what was taken back and the taking back."""
    standing: list[S] = []
    for step in steps:
        if step.move is not Move.UNDO:
            standing.append(step)
            continue
        undone = max(place for place, each in enumerate(standing) if each.move in VERDICTS)
        del standing[undone]
    return standing
