"""Enterprises of a plan: chosen with their last visits before the eyes, within the cap, opened as visits."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.oversight.supervision.models import PlanUnit
from server.oversight.visits.models import Visit, VisitMember, VisitMode
from tests.integration.supervision.planning import HOME, add_team, draft, publish, send, units_of
from tests.support.callers import Desk
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]


def test_an_enterprise_is_chosen_seen_and_visited(desk_of: DeskOf, world: World, database: Database) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = draft(city)
    team = add_team(city, plan, world.unions.south, person=str(world.people.district_reviewer.id), duty="leader")
    shipyard = str(world.unions.shipyard)
    assert "系统里没有去过的记录" in city.get(f"{plan}/units/new?enterprise={shipyard}").ok().text
    assert send(city, f"{plan}/units", enterprise=shipyard, team=team, planned_on="2026-12-03").status == 303
    twice = send(city, f"{plan}/units", enterprise=shipyard)
    assert (twice.status, "已经在计划里" in twice.text) == (422, True)
    assert send(city, f"{plan}/units", enterprise=str(world.unions.south)).status == 422
    [unit] = units_of(city, plan, "waiting")
    assert "计划发布以后" in send(city, f"{unit}/open").text
    assert publish(city, plan).status == 303
    assert send(city, f"{unit}/day", planned_on="2027-01-01", team=team, reason="改期").status == 422
    assert send(city, f"{unit}/day", planned_on="2026-12-04", team=team).status == 422  # without a reason
    assert send(city, f"{unit}/day", planned_on="2026-12-04", team=team, reason="改期").status == 303
    assert send(city, f"{unit}/open").status == 303
    with database.reading() as session:
        visit = session.scalars(select(Visit)).one()
        assert (visit.enterprise_id, visit.mode, visit.occasion, visit.basis, visit.team_name) == (
            world.unions.shipyard, VisitMode.LEADERS, "冬季督导", "青工办", "第1组",
        )  # fmt: skip
        assert (visit.planned_from, visit.planned_to) == (date(2026, 12, 4), date(2026, 12, 4))
        assert visit.source_id == UUID(unit.rpartition("/")[2])
        member = session.scalars(select(VisitMember)).one()
        assert (member.person_id, member.is_leader) == (world.people.district_reviewer.id, True)
    assert send(city, f"{unit}/open").status == 409
    assert send(city, f"{unit}/drop", reason="不去").status == 409
    assert "进行中" in city.get(plan).text
    assert f"/console/visits/{visit.id}" in city.get(f"{HOME}/units?plan={plan.rpartition('/')[2]}").text


def test_the_cap_counts_visits_of_all_levels(desk_of: DeskOf, world: World) -> None:
    town, city = desk_of(world.people.town_reviewer), desk_of(world.people.city_reviewer)
    shipyard, seen = str(world.unions.shipyard), "2026-12-05"
    theirs = draft(town, title="镇里先去")
    add_team(town, theirs, world.unions.seaside, person=str(world.people.town_reviewer.id))
    assert send(town, f"{theirs}/units", enterprise=shipyard, planned_on=seen).status == 303
    assert publish(town, theirs).status == 303
    [unit] = units_of(town, theirs)
    # Planned only, it counts; who goes and when, other levels read once the visit is opened.
    ours = draft(city)
    assert "<strong>1</strong>" in city.get(f"{ours}/units/new?enterprise={shipyard}").text
    team = add_team(city, ours, world.unions.south, person=str(world.people.city_reviewer.id))
    assert send(town, f"{unit}/day", team="", planned_on=seen, reason="按分组").status == 303
    assert send(city, f"{ours}/units", enterprise=shipyard, team=team).status == 303
    third = draft(city, title="第三个计划")
    page = city.get(f"{third}/units/new?enterprise={shipyard}").ok().text
    assert "达到上限" in page
    refused = send(city, f"{third}/units", enterprise=shipyard)
    assert (refused.status, "写明原因" in refused.text) == (422, True)
    assert send(city, f"{third}/units", enterprise=shipyard, over_cap_reason="举报较多").status == 303
    assert "举报较多" in city.get(units_of(city, third)[0]).text


def test_all_enterprises_to_which_somebody_goes_are_opened_at_once(
    desk_of: DeskOf, world: World, database: Database
) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = draft(city)
    team = add_team(city, plan, world.unions.south, words="化工专家", duty="expert")
    for enterprise, who in ((world.unions.bakery, team), (world.unions.brewery, team), (world.unions.shipyard, "")):
        assert send(city, f"{plan}/units", enterprise=str(enterprise), team=who).status == 303
    assert send(city, f"{plan}/units/open").status == 409  # a draft
    assert publish(city, plan).status == 303
    those = f"{HOME}/units?plan={plan.rpartition('/')[2]}"
    assert "安排 3 家督导" in city.get(those).text
    assert send(city, f"{plan}/units/open").status == 303
    assert len(units_of(city, plan, "opened")) == 2
    [left] = units_of(city, plan, "waiting")
    assert "还没有人去" in send(city, f"{left}/open").text
    close = send(city, f"{plan}/move/close", version="99")
    assert close.status == 409
    assert send(city, f"{left}/drop", reason="停产").status == 303
    assert "停产" in city.get(left).text
    assert "家督导" not in city.get(those).text  # nothing is left to do
    ledger = city.get(f"{HOME}/units/ledger.xlsx?plan={plan.rpartition('/')[2]}")
    assert ledger.ok().body[:2] == b"PK"


def test_plans_and_their_enterprises_follow_a_union_that_moved(
    desk_of: DeskOf, world: World, database: Database, run_jobs: Callable[[], object]
) -> None:
    town, old, new = (desk_of(getattr(world.people, who)) for who in ("town_reviewer", "district_reviewer",
                                                                      "other_district_reviewer"))  # fmt: skip
    plan = draft(town)
    assert send(town, f"{plan}/units", enterprise=str(world.unions.bakery)).status == 303
    move = {"version": "1", "parent_id": str(world.unions.north)}
    assert desk_of(world.people.admin).post(f"/console/unions/{world.unions.seaside}/move", move).status == 303
    run_jobs()
    assert (old.get(plan).status, new.get(plan).status) == (404, 200)
    with database.reading() as session:
        unit = session.scalars(select(PlanUnit)).one()
        assert unit.district_id == world.unions.north


@pytest.mark.parametrize("who", ["other_district_reviewer", "town_reviewer"])
def test_who_lies_below_or_beside_does_not_know_who_comes(desk_of: DeskOf, world: World, who: str) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = draft(city, mode="unannounced")
    assert send(city, f"{plan}/units", enterprise=str(world.unions.shipyard)).status == 303
    [unit] = units_of(city, plan)
    other = desk_of(getattr(world.people, who))
    assert other.get(unit).status == 404
    assert other.get(f"{HOME}/units?plan={plan.rpartition('/')[2]}").status == 404
    assert unit not in other.get(f"{HOME}/units").ok().text
    assert send(other, f"{unit}/drop", reason="别来").status == 404
