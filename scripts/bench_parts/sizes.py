"""How much a database is filled with."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Size:
    """`submissions`: that many, as many people, and what stands around them in proportion; `days`: in which all of it
    was made; `questions`: of an attempt at the quiz, all answered; `log`: rows of it for each submission."""

    submissions: int
    enterprises: int = 2_000
    days: int = 730
    questions: int = 10
    log: float = 1 / 3
    suffix: str = ""  # of the name of a database that is kept

    @property
    def span(self) -> timedelta:
        """The time in which all of it was made."""
        return timedelta(days=self.days)


def of_a_city(submissions: int) -> Size:
    """What a city has after five years. Of a million submissions and people: half a million attempts, each of twenty
    answers, so ten million; two million rows of the log."""
    return Size(submissions, enterprises=6_000, days=1_826, questions=20, log=2, suffix="_city")
