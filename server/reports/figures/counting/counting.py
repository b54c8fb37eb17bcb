"""Counting: one pass over the submissions of a subtree, a row at a time, in memory that does not grow with them.

The same on both databases, for dates and medians are reckoned here; a breakdown more costs no statement more.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.reports.figures.counting.cuts import Cut
from server.reports.figures.schemas import Day, Figures, Funnel, Line, Outcomes, Span
from server.review.rectification.models import Rectification, RectifyStatus
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import DECISIONS, Status, Submission, SubmissionStep
from server.unions.actor import SCOPE_COLUMNS
from server.unions.campaigns.queries import CampaignFacts
from server.unions.roles import Level
from server.unions.tree.models import Union

HERE = text("submissions.status <> 'incomplete'")  # in the words of the partial indexes
BATCH = 2000  # rows fetched at a time
TREND_DAYS = 60
FEW = 5  # durations of fewer are not told
BELOW = {Level.CITY: "district_id", Level.DISTRICT: "town_id", Level.TOWN: "enterprise_id"}
DIRECT = "direct"  # what hangs on the union itself, below none of its children
RECTIFIED = frozenset({RectifyStatus.SUBMITTED, RectifyStatus.CLOSED})
BEING_RECTIFIED = frozenset({RectifyStatus.OPEN, RectifyStatus.ACCEPTED})

_FIRST_ANSWER = (
    select(func.min(SubmissionStep.at))
    .where(SubmissionStep.submission_id == Submission.id, SubmissionStep.move.in_(DECISIONS))
    .correlate(Submission)
    .scalar_subquery()
)


def count_figures(session: Session, union: Union, campaign: CampaignFacts, cut: Cut, now: datetime) -> Figures:
    """The figures of everything below `union`. Reads every submission there once: for jobs, or for small subtrees."""
    tally = Tally(campaign, now)
    # A page's session has no transaction, which PostgreSQL wants for fetching bit by bit; what pages read is small.
    is_bare = session.get_bind().engine.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
    options: dict[str, Any] = {} if is_bare else {"yield_per": BATCH}
    for row in session.execute(_rows(union, campaign.id, cut, now), execution_options=options):
        tally.add(row)
    children = BELOW.get(union.level)
    names = _names_below(session, union) if children is not None else {}
    return tally.figures(names)


def _rows(union: Union, campaign_id: UUID, cut: Cut, now: datetime) -> Select[Any]:
    below = BELOW.get(union.level)
    statement = (
        select(
            Submission.kind,
            Submission.status,
            Submission.category,
            Submission.grade,
            (getattr(Submission, below) if below else Submission.enterprise_id).label("child_id"),
            Submission.arrived_at,
            Submission.due_at,
            _FIRST_ANSWER.label("first_answer_at"),
            Union.industry,
            Rectification.status.label("rectify_status"),
            Rectification.due_at.label("rectify_due_at"),
            Rectification.closed_at,
        )
        .outerjoin(
            Rectification,
            (Rectification.submission_id == Submission.id) & (Rectification.status != RectifyStatus.VOIDED),
        )
        .outerjoin(Union, Union.id == Submission.enterprise_id)
        .where(
            getattr(Submission, SCOPE_COLUMNS[union.level]) == union.id,
            HERE,
            Submission.campaign_id == campaign_id,
            Submission.arrived_at.is_not(None),
            *cut.conditions(),
        )
    )
    since = cut.since(now)
    return statement if since is None else statement.where(Submission.arrived_at >= since)


def _names_below(session: Session, union: Union) -> dict[str, str]:
    rows = session.execute(
        select(Union.id, Union.name, Union.short_name)
        .where(Union.parent_id == union.id, Union.is_active.is_(True), Union.level != Level.TEAM)
        .order_by(*Union.official_order())
    )
    return {str(row.id): row.short_name or row.name for row in rows}


class Tally:
    """Counts while rows go by."""

    def __init__(self, campaign: CampaignFacts, now: datetime) -> None:
        self._campaign, self._now = campaign, now
        self._breakdowns: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
        self._funnel: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._others: Counter[str] = Counter()  # of kinds that are not put right: no funnel
        self._days: dict[str, Counter[str]] = defaultdict(Counter)
        self._answers, self._closings = array("d"), array("d")

    def add(self, row: Any) -> None:
        """Count one submission, with its rectification if it has one."""
        marks = _marks(row, self._now)
        if not kind_of(row.kind).is_rectified:
            self._others.update(marks)
            return
        self._funnel.update(marks)
        self._outcomes.update(_outcome(row, marks))
        self._breakdowns["category"][row.category].update(marks)
        self._breakdowns["union"][str(row.child_id) if row.child_id else DIRECT].update(marks)
        self._breakdowns["industry"][row.industry or ""].update(marks)
        if row.grade is not None:
            self._breakdowns["grade"][str(row.grade)].update(marks)
        self._days[_day(row.arrived_at)]["submitted"] += 1
        if row.first_answer_at is not None:
            self._answers.append(_hours(row.arrived_at, row.first_answer_at))
        if row.closed_at is not None:
            self._days[_day(row.closed_at)]["closed"] += 1
            self._closings.append(_hours(row.arrived_at, row.closed_at))

    def figures(self, unions: Mapping[str, str]) -> Figures:
        """What was counted. `unions`: the names of those below, all of which are listed, counted or not."""
        grades = {str(number): f"{number} 级 {name}" for number, name in self._campaign.grades.items()}
        return Figures(
            funnel=Funnel(**{name: self._funnel[name] for name in Funnel.model_fields}),
            outcomes=Outcomes(**{name: self._outcomes[name] for name in Outcomes.model_fields}),
            suggestions=_line("suggestion", "合理化建议", self._others),
            by_category=self._lines("category", self._campaign.categories, self._campaign.category_name),
            by_grade=self._lines("grade", grades, lambda key: f"{key} 级", listed=True),
            by_union=self._lines("union", unions, lambda _: "本级及其他", listed=True) if unions else [],
            by_industry=self._lines("industry", {}, lambda key: key or "未填行业"),
            trend=list(self._trend()),
            first_answer=_span(self._answers),
            closing=_span(self._closings),
        )

    def _lines(self, kind: str, names: Mapping[str, str], other: Any, *, listed: bool = False) -> list[Line]:
        """Lines of one breakdown, most submitted first; in the order of `names`, with empty ones, if `listed`."""
        counted = self._breakdowns[kind]
        merged: dict[str, Counter[str]] = defaultdict(Counter)
        for key, counts in counted.items():
            merged[key if key in names or kind != "union" else DIRECT].update(counts)
        keys = [*names, *(key for key in merged if key not in names)] if listed else list(merged)
        lines = [_line(key, names.get(key) or other(key), merged.get(key, Counter())) for key in keys]
        return lines if listed else sorted(lines, key=lambda line: (-line.submitted, line.name))

    def _trend(self) -> Iterator[Day]:
        today = in_shanghai(self._now).date()
        for back in range(TREND_DAYS - 1, -1, -1):
            day = (today - timedelta(days=back)).isoformat()
            yield Day(day=day, submitted=self._days[day]["submitted"], closed=self._days[day]["closed"])


def _marks(row: Any, now: datetime) -> list[str]:
    """How far it got, and whether something about it is overdue."""
    marks = ["submitted"]
    if row.first_answer_at is not None:
        marks.append("answered")
    if row.status is Status.ACCEPTED:
        marks.append("accepted")
    if row.rectify_status in RECTIFIED:
        marks.append("rectified")
    if row.rectify_status is RectifyStatus.CLOSED:
        marks.append("closed")
    late_review = row.status is Status.QUEUED and row.due_at < now
    late_rectification = row.rectify_status in BEING_RECTIFIED and row.rectify_due_at < now
    if late_review or late_rectification:
        marks.append("overdue")
    return marks


def _outcome(row: Any, marks: Iterable[str]) -> list[str]:
    names = {Status.QUEUED: "waiting"}.get(row.status, str(row.status))
    found = [names]
    if "overdue" in marks:
        found.append("overdue_review" if row.status is Status.QUEUED else "overdue_rectification")
    return found


def _line(key: str, name: str, counts: Counter[str]) -> Line:
    return Line(
        key=key,
        name=name,
        submitted=counts["submitted"],
        accepted=counts["accepted"],
        closed=counts["closed"],
        overdue=counts["overdue"],
    )


def _day(moment: datetime) -> str:
    return in_shanghai(moment).date().isoformat()


def _hours(start: datetime, end: datetime) -> float:
    return max((end - start).total_seconds(), 0) / 3600


def _span(hours: Sequence[float]) -> Span:
    """Nearest-rank quantiles. Of a few, a quantile is one of them, and would tell the minute when that one was sent."""
    if len(hours) < FEW:
        return Span(count=len(hours))
    ordered = sorted(hours)
    count = len(ordered)
    return Span(
        count=count,
        median=round(ordered[(count - 1) // 2], 1),
        ninth=round(ordered[max(-(-9 * count // 10) - 1, 0)], 1),
    )
