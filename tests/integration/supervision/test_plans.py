"""Plans: drafted, manned, published, changed with a reason; read by whoever may, made by their own union alone."""

import re
from collections.abc import Callable

import pytest

from tests.integration.supervision.planning import PLAN, draft, publish, send, version_on
from tests.support.callers import Desk
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]


def test_a_plan_is_drafted_manned_published_and_changed_with_a_reason(desk_of: DeskOf, world: World) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = draft(city)
    assert send(city, f"{plan}/teams/add", lead_union=str(world.unions.south)).status == 303
    team = re.search(r"/teams/([0-9a-f-]{36})/remove", city.get(f"{plan}/teams").text)
    assert team is not None
    member = {"person": str(world.people.district_reviewer.id), "team": team[1], "duty": "leader"}
    assert send(city, f"{plan}/teams/members/add", **member).status == 303
    expert = {"words": "化工专家", "is_chemist": "1", "duty": "expert", "team": team[1]}
    assert send(city, f"{plan}/teams/members/add", **expert).status == 303
    twice = send(city, f"{plan}/teams/members/add", **member)
    assert (twice.status, "已经在名单里了" in twice.text) == (422, True)
    assert publish(city, plan).status == 303
    page = city.get(plan).text
    assert f"{world.people.district_reviewer.name}（组长）" in page
    assert "化工专家（专家，化工）" in page

    silent = send(city, f"{plan}/teams/add", lead_union=str(world.unions.north))
    assert (silent.status, "改动要写明原因" in silent.text) == (422, True)
    assert send(city, f"{plan}/teams/add", lead_union=str(world.unions.north), reason="加一个组").status == 303
    edited = {**PLAN, "title": "改了名称", "version": "6"}
    assert send(city, f"{plan}/edit", **edited).status == 422
    refused = send(city, f"{plan}/edit", **{**edited, "mode": "cross", "reason": "换方式"})
    assert (refused.status, "换方式" in refused.text, "不能再改" in refused.text) == (422, True, True)
    stale = send(city, f"{plan}/edit", **{**edited, "version": "1", "reason": "改名"})
    assert (stale.status, "改了名称" in stale.text) == (409, True)
    assert send(city, f"{plan}/edit", **{**edited, "reason": "改名"}).status == 303
    assert "改了名称" in city.get("/console/supervision?status=published&mode=leaders&q=改").ok().text
    assert city.get("/console/supervision/ledger.xlsx").ok().body[:2] == b"PK"
    assert send(city, f"{plan}/move/cancel", version=version_on(city, plan), reason="不搞了").status == 303
    assert send(city, f"{plan}/teams/add", reason="晚了").status == 409


def test_who_sees_a_plan_and_who_changes_it(desk_of: DeskOf, world: World) -> None:
    district, city = desk_of(world.people.district_reviewer), desk_of(world.people.city_reviewer)
    plan = draft(district)
    assert city.get(plan).status == 200  # above it
    assert send(city, f"{plan}/teams/add").status == 403
    other = desk_of(world.people.other_district_reviewer)
    assert other.get(plan).status == 404
    assert send(other, f"{plan}/teams/add").status == 404
    assert desk_of(world.people.enterprise_reviewer).get(plan).status == 403
    # A union that leads a group of a plan of the city sees it once it is published.
    theirs = draft(city)
    assert send(city, f"{theirs}/teams/add", lead_union=str(world.unions.north)).status == 303
    assert other.get(theirs).status == 404
    assert publish(city, theirs).status == 303
    assert other.get(theirs).status == 200
    assert send(other, f"{theirs}/teams/add", reason="我们也去").status == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_on": "2026-11-01"}, "结束日期不能早于开始日期"),
        ({"ends_on": "2199-01-01"}, "年底，请检查年份"),
        ({"title": ""}, "plan"), ({"mode": "secret"}, "plan"),
        ({"form_id": "00000000-0000-0000-0000-000000000001"}, ""),
    ],
)  # fmt: skip
def test_a_wrong_plan_comes_back_as_it_was_typed(
    desk_of: DeskOf, world: World, changes: dict[str, str], said: str
) -> None:
    desk = desk_of(world.people.town_reviewer)
    answer = desk.post("/console/supervision", {**PLAN, **changes})
    assert answer.status in ((404,) if "form_id" in changes else (422,))
    if answer.status == 422:
        assert "青工办" in answer.text
        assert said in answer.text or said == "plan"


def test_how_a_union_plans_is_its_own(desk_of: DeskOf, world: World) -> None:
    town, city = desk_of(world.people.town_reviewer), desk_of(world.people.city_reviewer)
    kept = {"yearly_cap": "1", "high_risk": "200", "chemical": "0", "non_public_sme": "50", "accident": "100",
            "unvisited": "100"}  # fmt: skip
    path = f"/console/supervision/settings/{world.unions.seaside}"
    assert send(city, path, **kept).status == 403
    assert send(town, path, **{**kept, "yearly_cap": "99"}).status == 422
    assert send(town, path, **kept).status == 303
    assert re.search(r'name="high_risk"[^>]*value="200"', town.get("/console/supervision/settings").text, re.DOTALL)
