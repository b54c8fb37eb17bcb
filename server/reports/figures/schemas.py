"""Figures as data: what is drawn as charts, written into tables, workbooks and papers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from server.reports.figures.cuts.periods import Span


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of something, by the names of the measures; and the rates that follow from them."""

    of: Mapping[str, int] = field(default_factory=dict)

    def __getitem__(self, measure: str) -> int:
        return self.of.get(measure, 0)

    @property
    def answer_missed(self) -> int:
        """Answered late, or not yet and late."""
        return self["answer_late"] + self["answer_overdue"]

    @property
    def rectify_missed(self) -> int:
        """Put right late, or not yet and late."""
        return self["rectified_late"] + self["rectify_overdue"]

    @property
    def answer_rate(self) -> float | None:
        """In time of all that had to be answered by now, 0 to 1; None of none. So are the others."""
        return _share(self["answer_in_time"], self["answer_in_time"] + self.answer_missed)

    @property
    def rectify_rate(self) -> float | None:
        return _share(self["rectified_in_time"], self["rectified_in_time"] + self.rectify_missed)

    @property
    def closing_rate(self) -> float | None:
        return _share(self["closed"], self["accepted"])

    @property
    def answer_mean(self) -> float | None:
        """Days, on average."""
        return _share(self["answer_days"], self["answers"])

    @property
    def closing_mean(self) -> float | None:
        return _share(self["closing_days"], self["closings"])

    def value(self, name: str) -> float | None:
        """A measure, or what follows from several."""
        derived: float | None = getattr(self, name) if name in DERIVED else None
        return derived if name in DERIVED else self[name]


DERIVED = (
    "answer_missed", "rectify_missed", "answer_rate", "rectify_rate", "closing_rate", "answer_mean", "closing_mean",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a breakdown. `narrowed`: the filters by which lists show just its items; None: no list does."""

    key: str
    name: str
    counts: Counts
    narrowed: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the trend, or one month."""

    since: date
    until: date
    name: str
    submitted: int
    closings: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on the page. Suggestions are counted apart: they have no grade and no recheck. `waiting`: how many
    changes are not counted yet."""

    span: Span
    before_span: Span | None
    at: datetime
    waiting: int
    hazards: Counts
    before: Counts | None
    suggestions: Counts
    suggestions_before: Counts | None
    by_union: list[Line]
    by_category: list[Line]
    by_grade: list[Line]
    by_industry: list[Line]
    trend: list[Step]
