"""Counting is right whatever the rows are: no row is lost, none counted twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.clock import in_shanghai
from server.reports.figures.counting.counting import Tally
from server.reports.figures.counting.cuts import Cut, Period
from server.reports.figures.schemas import Figures
from server.review.rectification.models import RectifyStatus
from server.review.submissions.models import Kind, Status
from server.unions.campaigns.queries import CampaignFacts

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SOUTH, NORTH, CLOSED_DOWN = UUID(int=1), UUID(int=2), UUID(int=3)
NAMES = {str(SOUTH): "南区", str(NORTH): "北区"}
CAMPAIGN = CampaignFacts(
    id=UUID(int=9), city_id=UUID(int=8), activities=frozenset(), categories={"fire": "火灾"},
    suggestion_categories={},    grades={1: "重大", 2: "较大", 3: "一般", 4: "较小"}, criteria={}, rectify_days={},
)  # fmt: skip


@st.composite
def rows(draw: Any) -> SimpleNamespace:
    """A submission with a rectification that fits it."""
    kind = draw(st.sampled_from(Kind))
    status = draw(st.sampled_from([each for each in Status if each is not Status.INCOMPLETE]))
    arrived = NOW - timedelta(hours=draw(st.integers(0, 24 * 80)))
    is_graded = kind is Kind.HAZARD and status is Status.ACCEPTED
    rectify = draw(st.sampled_from([None, *RectifyStatus])) if is_graded else None
    rectify = None if rectify is RectifyStatus.VOIDED else rectify
    closed = arrived + (NOW - arrived) * draw(st.floats(0, 1)) if rectify is RectifyStatus.CLOSED else None
    return SimpleNamespace(
        kind=kind, status=status, category=draw(st.sampled_from(["fire", "gone"])),
        grade=draw(st.integers(1, 4)) if is_graded else None,
        child_id=draw(st.sampled_from([None, SOUTH, NORTH, CLOSED_DOWN])),
        arrived_at=arrived, due_at=arrived + timedelta(days=3),
        first_answer_at=None if status is Status.QUEUED else arrived + timedelta(hours=1),
        industry=draw(st.sampled_from([None, "化工", "建筑"])),
        rectify_status=rectify, rectify_due_at=arrived + timedelta(days=9) if rectify else None, closed_at=closed,
    )  # fmt: skip


def counted(found: list[SimpleNamespace]) -> Figures:
    tally = Tally(CAMPAIGN, NOW)
    for row in found:
        tally.add(row)
    return tally.figures(NAMES)


@given(st.lists(rows(), max_size=30))
def test_every_breakdown_adds_up_to_the_whole(found: list[SimpleNamespace]) -> None:
    figures = counted(found)
    hazards = [row for row in found if row.kind is Kind.HAZARD]
    assert figures.funnel.submitted == len(hazards)
    assert figures.suggestions.submitted == len(found) - len(hazards)
    for lines in (figures.by_category, figures.by_union, figures.by_industry):
        assert sum(line.submitted for line in lines) == len(hazards)
        assert sum(line.closed for line in lines) == figures.funnel.closed
        assert sum(line.overdue for line in lines) == (
            figures.outcomes.overdue_review + figures.outcomes.overdue_rectification
        )
        assert len({line.key for line in lines}) == len(lines)
    assert sum(line.accepted for line in figures.by_grade) == figures.funnel.accepted


@given(st.lists(rows(), max_size=30))
def test_the_funnel_never_widens(found: list[SimpleNamespace]) -> None:
    funnel = counted(found).funnel
    assert funnel.submitted >= funnel.answered >= funnel.accepted >= funnel.rectified >= funnel.closed


@given(st.lists(rows(), max_size=30))
def test_the_trend_counts_the_last_sixty_days_in_shanghai(found: list[SimpleNamespace]) -> None:
    trend = counted(found).trend
    wanted = Counter(in_shanghai(row.arrived_at).date().isoformat() for row in found if row.kind is Kind.HAZARD)
    assert len(trend) == 60
    assert trend[-1].day == "2026-11-23"
    assert all(day.submitted == wanted[day.day] for day in trend)


@given(st.lists(rows(), min_size=1, max_size=30))
def test_half_of_all_answers_came_within_the_median(found: list[SimpleNamespace]) -> None:
    for span in (counted(found).first_answer, counted(found).closing):
        if span.count >= 5:
            assert span.median is not None
            assert span.ninth is not None
            assert span.median <= span.ninth
        else:  # one of so few would be told to the minute
            assert (span.median, span.ninth) == (None, None)


def test_unions_below_are_listed_even_with_nothing_to_count_and_strangers_go_together() -> None:
    row = SimpleNamespace(
        kind=Kind.HAZARD, status=Status.QUEUED, category="fire", grade=None, child_id=CLOSED_DOWN, arrived_at=NOW,
        due_at=NOW - timedelta(hours=1), first_answer_at=None, industry=None, rectify_status=None, rectify_due_at=None,
        closed_at=None,
    )  # fmt: skip
    lines = counted([row]).by_union
    assert [(line.name, line.submitted, line.overdue) for line in lines] == [
        ("南区", 0, 0), ("北区", 0, 0), ("本级及其他", 1, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("period", Period)
@pytest.mark.parametrize("flag", [False, True])
def test_a_cut_survives_its_key(period: Period, flag: bool) -> None:
    cut = Cut(high_risk=flag, chemical=not flag, private_small=flag, period=period)
    assert Cut.of_key(cut.key) == cut
