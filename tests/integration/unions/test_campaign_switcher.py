"""One campaign, or all of them, looked at all over the console."""

import html
import re
from collections.abc import Callable
from uuid import UUID

import pytest

from server.core import ids
from server.core.db import Database
from server.unions.roles import Level
from tests.integration.unions.test_campaign_page import form
from tests.support.callers import Answer, Desk, Phone
from tests.support.ledgers import read_ledger, sheet_of
from tests.support.pages import links
from tests.support.world import Someone, World, make_campaign, make_union

Opens = Callable[[Someone], Desk]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

QUEUE = "/console/queue"
OLD, NEW = "旧活动里的隐患", "新活动里的隐患"


@pytest.fixture
def campaigns(desk_of: Opens, phone: Phone, world: World) -> tuple[UUID, UUID]:
    """An earlier and the current campaign, a hazard in each."""
    earlier = phone.get("/api/v1/campaign").json["id"]
    phone.report(enterprise_id=world.unions.shipyard, description=OLD)
    desk_of(world.people.admin).post("/console/campaigns/new", form() | {"replaces": earlier}).ok()
    current = phone.get("/api/v1/campaign").json["id"]
    phone.report(enterprise_id=world.unions.shipyard, description=NEW)
    return UUID(earlier), UUID(current)


def choose(desk: Desk, campaign: object, page: str = QUEUE) -> Answer:
    return desk.post("/console/campaigns/choice", {"campaign": str(campaign or ""), "next": page}, form="/console/")


def shown(desk: Desk, path: str = QUEUE) -> list[str]:
    page = desk.get(path).ok().text
    return [each for each in (OLD, NEW) if each in page]


def words(page: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", page)))


def test_whoever_chose_nothing_sees_every_campaign(campaigns: tuple[UUID, UUID], desk_of: Opens, world: World) -> None:
    assert shown(desk_of(world.people.town_reviewer)) == [OLD, NEW]


def test_the_chosen_campaign_narrows_lists_until_another_is_chosen_and_the_list_says_so(
    campaigns: tuple[UUID, UUID], desk_of: Opens, world: World
) -> None:
    earlier, _ = campaigns
    desk = desk_of(world.people.town_reviewer)
    assert choose(desk, earlier, f"{QUEUE}?kind=hazard").headers["Location"] == f"{QUEUE}?kind=hazard"
    assert (shown(desk), shown(desk, f"{QUEUE}?kind=hazard")) == ([OLD], [OLD])
    page = desk.get(f"{QUEUE}?kind=hazard").text
    assert "只看活动“安全隐患随手拍”" in words(page)
    (wider,) = [each.href for each in links(page) if each.text == "看全部活动"]
    assert shown(desk, wider) == [OLD, NEW]
    assert shown(desk) == [OLD], "that was one page"
    choose(desk, None)
    assert shown(desk) == [OLD, NEW]


def test_a_link_that_names_a_campaign_shows_it_whatever_its_reader_chose(
    campaigns: tuple[UUID, UUID], desk_of: Opens, world: World
) -> None:
    earlier, current = campaigns
    desk = desk_of(world.people.town_reviewer)
    choose(desk, current)
    assert shown(desk, f"{QUEUE}?campaign={earlier}") == [OLD]
    assert choose(desk, current, f"{QUEUE}?campaign={earlier}&after=x").headers["Location"] == QUEUE


def test_the_choice_is_ones_own(campaigns: tuple[UUID, UUID], desk_of: Opens, world: World) -> None:
    choose(desk_of(world.people.town_reviewer), campaigns[0])
    assert shown(desk_of(world.people.district_reviewer)) == [OLD, NEW]


def test_the_ledger_holds_the_chosen_campaign_and_its_heading_says_which(
    campaigns: tuple[UUID, UUID], desk_of: Opens, world: World
) -> None:
    desk = desk_of(world.people.town_reviewer)
    choose(desk, campaigns[1])
    content = desk.get(f"{QUEUE}/ledger.xlsx").ok().body
    assert "活动：“冬季行动”" in sheet_of(content)["A2"].value
    assert [row["内容"] for row in read_ledger(content)] == [NEW]


def test_home_counts_the_chosen_campaign_and_says_what_waits_in_others(
    campaigns: tuple[UUID, UUID], desk_of: Opens, world: World
) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    assert "其他活动" not in words(desk.get("/console/").ok().text)
    choose(desk, campaigns[1])
    page = desk.get("/console/").ok().text
    assert (OLD in page, NEW in page, "另有1件在其他活动" in words(page)) == (False, True, True)
    assert f'href="{QUEUE}?routed=1&campaign=all"' in html.unescape(page)


def test_neighbours_of_an_item_are_those_of_the_chosen_campaign(
    campaigns: tuple[UUID, UUID], desk_of: Opens, phone: Phone, world: World
) -> None:
    desk = desk_of(world.people.town_reviewer)
    choose(desk, campaigns[0])
    (href,) = re.findall(r'href="(/console/submissions/[^"]+)" data-open', desk.get(QUEUE).text)
    assert "1 / 1" in desk.get(html.unescape(href)).ok().text


def test_every_page_of_what_belongs_to_campaigns_is_narrowed_and_says_so(
    campaigns: tuple[UUID, UUID], desk_of: Opens, world: World
) -> None:
    desk = desk_of(world.people.city_reviewer)
    choose(desk, campaigns[0])
    lists = ("rectifications", "dispatch", "points", "suggestions", "map", "awards", "quizzes")
    for path in (f"/console/{name}" for name in lists):
        assert "只看活动“安全隐患随手拍”" in words(desk.get(path).ok().text), path
    assert "只看活动" not in words(desk.get("/console/unions").ok().text), "unions belong to no campaign"


def test_figures_are_those_of_the_chosen_campaign(campaigns: tuple[UUID, UUID], desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.town_reviewer)
    choose(desk, campaigns[0])
    assert re.search(rf'value="{campaigns[0]}"\s+selected', desk.get("/console/figures").ok().text)


def test_a_kept_filter_serves_every_campaign(campaigns: tuple[UUID, UUID], desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.town_reviewer)
    fields = {"name": "隐患", "query": f"kind=hazard&campaign={campaigns[0]}"}
    desk.post("/console/lists/queue/filters", fields, form=QUEUE).ok()
    assert f'href="{QUEUE}?kind=hazard"' in desk.get(QUEUE).text


@pytest.mark.parametrize("asked", [lambda: ids.new_id(), lambda: "x' OR 1=1", lambda: "ALL"])
def test_a_campaign_that_there_is_not_shows_nothing_of_any(
    desk_of: Opens, phone: Phone, world: World, asked: Callable[[], object]
) -> None:
    phone.report(enterprise_id=world.unions.shipyard, description=OLD)
    desk, campaign = desk_of(world.people.town_reviewer), asked()
    for path in (QUEUE, f"{QUEUE}/ledger.xlsx", "/console/", "/console/figures"):
        assert desk.get(f"{path}?campaign={campaign}").status in (404, 422), path
    assert choose(desk, campaign).status in (404, 422)
    assert shown(desk) == [OLD]


def test_a_campaign_of_another_city_is_none(desk_of: Opens, phone: Phone, world: World, database: Database) -> None:
    with database.transaction() as session:
        other = make_campaign(session, make_union(session, Level.CITY, "别市总工会", None).id, name="别市的活动").id
    desk = desk_of(world.people.city_reviewer)
    assert desk.get(f"{QUEUE}?campaign={other}").status == 404
    assert choose(desk, other).status == 404
    assert "别市的活动" not in desk.get(QUEUE).ok().text


def test_the_way_back_leads_nowhere_else(campaigns: tuple[UUID, UUID], desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.town_reviewer)
    for page in ("https://evil.example/", "//evil.example/", "/h5/", "/console/sign-out"):
        assert choose(desk, campaigns[0], page).headers["Location"] == "/console/"
