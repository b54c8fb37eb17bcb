"""Ports: what a lower wing asks of higher ones that it does not know.

Where an event announces, a port is asked and answers, or refuses by raising. Each is declared once, named and typed,
beside the code that asks; the slices above plug in their answers when they are wired (`subscriptions.py`).
"""

from typing import Generic, TypeVar

A = TypeVar("A")
"""The type of an answer: a function or a protocol."""


class Port(Generic[A]):
    """One question, called `name` (`decisions.reopening`), and those who answer it, in the order of the wings."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._answers: list[A] = []

    def plug(self, answer: A) -> None:
        """Ask `answer` too. The same one again changes nothing."""
        if answer not in self._answers:
            self._answers.append(answer)

    def unplug(self, answer: A) -> None:
        """Do without it from now on."""
        self._answers.remove(answer)

    @property
    def answers(self) -> tuple[A, ...]:
        """Everybody who is asked."""
        return tuple(self._answers)
