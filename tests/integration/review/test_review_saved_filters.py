"""Filters that people keep under a name."""

import re
from collections.abc import Callable

from tests.integration.review.conftest import Reviewer
from tests.support.callers import Answer
from tests.support.pages import links
from tests.support.world import Someone, World

KEPT = re.compile(r'<span class="saved-filter.*?</a\s*>', re.DOTALL)
CHANGE = re.compile(r'action="(/console/filters/[0-9a-f-]{36})')


def keep(reviewer: Reviewer, name: str, query: str = "category=fire") -> Answer:
    return reviewer.desk.post("/console/lists/queue/filters", {"name": name, "query": query})


def kept(reviewer: Reviewer) -> list[tuple[str, str]]:
    page = reviewer.desk.get("/console/queue").ok().text
    return [(link.text, link.href) for each in KEPT.findall(page) for link in links(each)]


def test_a_filter_leads_to_its_list_whatever_order_its_parts_came_in(town: Reviewer) -> None:
    assert keep(town, "逾期火灾", "due=overdue&after=abc&category=fire").status == 303
    assert kept(town) == [("逾期火灾", "/console/queue?category=fire&due=overdue")]


def test_a_name_in_use_is_kept_anew(town: Reviewer) -> None:
    keep(town, "常用", "category=fire")
    keep(town, "常用", "category=fall")
    assert kept(town) == [("常用", "/console/queue?category=fall")]


def test_twenty_are_kept_and_no_more(town: Reviewer) -> None:
    for number in range(21):
        keep(town, f"筛选{number}")
    assert len(kept(town)) == 20
    assert ("筛选20", "/console/queue?category=fire") not in kept(town)


def test_what_makes_no_sense_is_not_kept(town: Reviewer) -> None:
    for name, query in (("", "category=fire"), ("字" * 21, "category=fire"), ("x", "status=nonsense"), ("x", "no=1")):
        assert keep(town, name, query).status == 303
    assert kept(town) == []


def test_filters_are_renamed_and_dropped_by_their_owner_alone(
    town: Reviewer, reviewer_of: Callable[[Someone], Reviewer], world: World
) -> None:
    keep(town, "一")
    keep(town, "二")
    addresses = CHANGE.findall(town.desk.get("/console/queue").text)
    other = reviewer_of(world.people.district_reviewer)
    assert kept(other) == []
    assert other.desk.post(addresses[0], {"name": "我的"}).status == 404
    assert other.desk.post(addresses[0], {"delete": "1"}).status == 404
    town.desk.post(addresses[0], {"name": "二"})
    assert [name for name, _ in kept(town)] == ["一", "二"]
    town.desk.post(addresses[0], {"name": "三"})
    town.desk.post(addresses[1], {"name": "二", "delete": "1"})
    assert [name for name, _ in kept(town)] == ["三"]
