"""Whom a plan, its rota and its draw name, hears of it: at the bell, at home, on the phone."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.db import Database
from server.notifications.inbox.models import InboxMessage
from server.unions.scans.models import LinkedPhone
from tests.integration.supervision.planning import add_team, draft, publish, send, version_on
from tests.support.callers import Desk, Phone
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
PhoneOf = Callable[[Someone], Phone]


def told(database: Database, who: Someone) -> list[str]:
    """What stands in somebody's bell, the first first."""
    with database.reading() as session:
        those = select(InboxMessage.title, InboxMessage.desk).where(InboxMessage.person_id == who.id)
        return [f"{row.title} {row.desk}" for row in session.execute(those.order_by(InboxMessage.id))]


@pytest.mark.slow("a plan with two groups, told of at every step")
def test_groups_of_other_unions_hear_of_their_plan_and_find_it_at_home_and_on_the_phone(
    desk_of: DeskOf, phone_of: PhoneOf, world: World, database: Database
) -> None:
    people, unions = world.people, world.unions
    city, north = desk_of(people.city_reviewer), desk_of(people.other_district_reviewer)
    plan = draft(city, mode="cross", title="十组交叉督导")
    team = add_team(city, plan, unions.north, words="外请专家", duty="leader")
    other = add_team(city, plan, unions.south, words="外请专家", duty="leader")
    assert send(city, f"{plan}/teams/members/add", person=str(people.town_reviewer.id), team=other).status == 303
    liaison = {"words": "联络", "phone": "0532-80001234", "duty": "liaison", "team": team}
    assert send(city, f"{plan}/teams/members/add", **liaison).status == 303
    assert send(city, f"{plan}/rota/targets", union=str(unions.south)).status == 303
    days = {"starts_on": "2026-12-02", "ends_on": "2026-12-04", "reason": "雪天提前"}
    assert send(city, f"{plan}/rota/change", union=str(unions.south), team=team, **days).status == 303
    assert told(database, people.other_district_reviewer) == []  # a draft
    assert "有您的任务" not in north.get("/console/").text

    assert publish(city, plan).status == 303
    named = [f"督导计划 {plan}"]
    for each in (people.other_district_reviewer, people.district_reviewer, people.town_reviewer):
        assert told(database, each) == named, each.name
    assert told(database, people.city_reviewer) == told(database, people.other_town_reviewer) == []
    assert "1 个督导计划有您的任务" in north.get("/console/").text
    assert "十组交叉督导" in north.get("/console/supervision?mine=1").ok().text
    assert "十组交叉督导" not in desk_of(people.other_town_reviewer).get("/console/supervision?mine=1").ok().text

    assert send(city, f"{plan}/rota/change", union=str(unions.south), team=team, **days).status == 303
    assert told(database, people.other_district_reviewer) == [*named, f"督导分组有变动 {plan}"]
    assert told(database, people.town_reviewer) == named  # of the other group

    with database.transaction() as session:
        linked = LinkedPhone(
            person_id=people.worker.id, account_id=people.other_district_reviewer.id, linked_at=clock.now()
        )
        session.add(linked)
    items: list[Any] = phone_of(people.worker).get("/api/v1/visits/plans").ok().json["items"]
    assert [(each["title"], each["group"], each["liaisons"]) for each in items] == [
        ("十组交叉督导", "第1组", ["联络 0532-80001234"])
    ]
    assert [place.endswith("（12月2日至12月4日）") for place in items[0]["places"]] == [True]
    assert phone_of(people.stranger).get("/api/v1/visits/plans").ok().json["items"] == []

    assert send(city, f"{plan}/move/cancel", version=version_on(city, plan), reason="疫情").status == 303
    assert told(database, people.town_reviewer) == [*named, f"督导计划已取消 {plan}"]
    assert phone_of(people.worker).get("/api/v1/visits/plans").ok().json["items"] == []


def test_one_message_tells_of_all_visits_that_were_opened(desk_of: DeskOf, world: World, database: Database) -> None:
    people, city = world.people, desk_of(world.people.city_reviewer)
    plan = draft(city)
    team = add_team(city, plan, world.unions.south, person=str(people.district_reviewer.id), duty="leader")
    for each in (world.unions.shipyard, world.unions.bakery):
        assert send(city, f"{plan}/units", enterprise=str(each), team=team).status == 303
    assert publish(city, plan).status == 303
    assert send(city, f"{plan}/units/open").status == 303
    assert told(database, people.district_reviewer)[1:] == [f"督导安排您去 {plan}"]
    assert "2 次督导要您去" in desk_of(people.district_reviewer).get("/console/").text
