"""How an overdue item climbs the tree, over the calendar."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.core import ids
from server.core.clock import SHANGHAI
from server.kit.deadlines.calendar.working_days import days_left
from server.review.escalation.rules import Branch, next_union, step_at, unions_above
from server.unions.roles import Level

START = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 3 * 365 * 86_400).map(lambda seconds: START + timedelta(seconds=seconds))
CITY, DISTRICT, TOWN, ENTERPRISE = (ids.new_id() for _ in range(4))
IDS: tuple[UUID | None, ...] = (CITY, DISTRICT, TOWN, ENTERPRISE)
levels = st.sampled_from([Level.CITY, Level.DISTRICT, Level.TOWN, Level.ENTERPRISE])


def walk(branch: Branch) -> list[UUID]:
    """Every union that hears of it, in turn."""
    told: list[UUID] = []
    above = unions_above(branch)
    while (target := next_union(above, told[-1] if told else None, branch.ids)) is not None:
        told.append(target)
    return told


def test_an_enterprises_item_climbs_to_the_town_the_district_and_the_city() -> None:
    assert walk(Branch(Level.ENTERPRISE, IDS)) == [TOWN, DISTRICT, CITY]


def test_a_level_that_the_tree_skips_is_skipped() -> None:
    assert walk(Branch(Level.ENTERPRISE, (CITY, DISTRICT, None, ENTERPRISE))) == [DISTRICT, CITY]


def test_of_the_citys_own_item_the_city_hears_once() -> None:
    assert walk(Branch(Level.CITY, (CITY, None, None, None))) == [CITY]


def test_passed_up_meanwhile_it_never_climbs_down_again() -> None:
    above = unions_above(Branch(Level.ENTERPRISE, IDS))
    assert next_union(above, DISTRICT, IDS) == CITY


@given(levels, st.tuples(st.booleans(), st.booleans()))
def test_every_walk_rises_and_ends_at_the_city(level: Level, holes: tuple[bool, bool]) -> None:
    branch_ids = (CITY, None if holes[0] else DISTRICT, None if holes[1] else TOWN, ENTERPRISE)
    told = walk(Branch(level, branch_ids))
    ranks = [IDS.index(each) for each in told]
    assert ranks == sorted(set(ranks), reverse=True)
    assert told[-1] == CITY


@given(moments, st.integers(1, 10), st.integers(1, 4))
def test_each_step_comes_so_many_working_days_after_the_one_before(due_at: datetime, days: int, step: int) -> None:
    assert step_at(due_at, 1, days) == due_at
    before, after = step_at(due_at, step, days), step_at(due_at, step + 1, days)
    assert after > before
    assert days_left(before, after) == days


def test_over_the_holiday_of_october_2026_the_second_step_waits_for_the_working_days() -> None:
    due_at = datetime(2026, 9, 29, 23, 59, 59, tzinfo=SHANGHAI)
    assert step_at(due_at, 2, 2) == datetime(2026, 10, 8, 23, 59, 59, tzinfo=SHANGHAI)
