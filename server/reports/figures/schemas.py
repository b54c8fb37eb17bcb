"""Figures as data: what is kept in snapshots, drawn as charts, written into tables and workbooks."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """Plain and frozen."""

    model_config = ConfigDict(frozen=True)


class Line(Shape):
    """One row of a breakdown: how many submissions, and what became of them."""

    key: str
    name: str
    submitted: int = 0
    accepted: int = 0
    closed: int = 0
    overdue: int = 0

    @property
    def closing_rate(self) -> float | None:
        """Closed of accepted, 0 to 1; None where nothing was accepted."""
        return self.closed / self.accepted if self.accepted else None


class Span(Shape):
    """How long something takes, in hours: half of them at most `median`, nine of ten at most `ninth`; None of a few."""

    count: int = 0
    median: float | None = None
    ninth: float | None = None


class Day(Shape):
    """One day of the trend (ISO date, in Shanghai)."""

    day: str
    submitted: int = 0
    closed: int = 0


class Funnel(Shape):
    """Hazards on their way; each step counts all that got at least that far."""

    submitted: int = 0
    answered: int = 0
    accepted: int = 0
    rectified: int = 0
    closed: int = 0


class Outcomes(Shape):
    """Where hazards stand now."""

    waiting: int = 0
    returned: int = 0
    declined: int = 0
    duplicate: int = 0
    withdrawn: int = 0
    overdue_review: int = 0
    overdue_rectification: int = 0


class Figures(Shape):
    """Everything on the page. Suggestions are counted apart: they have no grade and no recheck."""

    funnel: Funnel = Funnel()
    outcomes: Outcomes = Outcomes()
    suggestions: Line = Line(key="suggestion", name="合理化建议")
    by_category: list[Line] = []
    by_grade: list[Line] = []
    by_union: list[Line] = []
    by_industry: list[Line] = []
    trend: list[Day] = []
    first_answer: Span = Span()
    closing: Span = Span()
