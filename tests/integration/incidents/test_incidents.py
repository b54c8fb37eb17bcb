"""Accidents and alerts are noted by a union above, of nobody by name; schemes of assessment count them, and draws of
supervision weigh by accidents."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.clock import day_of
from server.core.db import Database
from server.core.sheets import XLSX
from server.kit.indicators import Asked, Counted, all_indicators
from server.oversight.incidents.models import Incident
from server.oversight.supervision.drawing.frame import build_frame
from server.oversight.supervision.models import Draw, Plan
from server.unions.tree.models import Union
from tests.integration.supervision.planning import draft, publish, send
from tests.support.callers import Answer, Desk
from tests.support.sheets import row, sheet_xml, xlsx
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
LIST = "/console/incidents"
DeskOf = Callable[[Someone], Desk]


def note(desk: Desk, union_id: UUID, kind: str = "accident", in_time: str = "1", **changes: str) -> Answer:
    fields = {
        "union": str(union_id), "kind": kind, "happened_on": day_of(clock.now()).isoformat(), "words": "车间机械伤害",
        "in_time": in_time, "deaths": "0", "injured": "0", "source": "应急管理部门通报", **changes,
    }  # fmt: skip
    return desk.post(LIST, fields, form=f"{LIST}/new")


def count(database: Database, union_id: UUID, key: str) -> Counted:
    with database.reading() as session:
        now = clock.now()
        today = day_of(now)
        asked = Asked(session.get_one(Union, union_id), None, today - timedelta(days=30), today, now)
        return all_indicators()[key].count(session, asked)


def test_what_is_noted_is_listed_counted_and_no_more_once_it_is_struck(
    database: Database, world: World, desk_of: DeskOf
) -> None:
    unions, town = world.unions, desk_of(world.people.town_reviewer)
    assert note(town, unions.shipyard, in_time="0", injured="2").status == 303
    assert note(town, unions.bakery).status == 303
    assert note(town, unions.bakery).status == 409  # twice
    assert note(town, unions.shipyard, "alert", words="大风蓝色预警").status == 303
    assert note(town, unions.shipyard, "alert", "0", words="暴雨黄色预警").status == 303
    late, alerts = count(database, unions.south, "accidents_late"), count(database, unions.south, "alerts_in_time")
    assert [count(database, unions.south, "accidents").value, late.value] == [2, 1]
    assert (alerts.over, alerts.under) == (1, 2)
    assert count(database, unions.north, "alerts_in_time").value is None  # not 0 and not 100
    city = desk_of(world.people.city_reviewer)
    assert [city.get(each.href).ok().text.count("data-row") for each in (late, alerts)] == [1, 2]
    assert desk_of(world.people.enterprise_reviewer).get(LIST).ok().text.count("data-row") == 3
    assert desk_of(world.people.other_town_reviewer).get(LIST).ok().text.count("data-row") == 0
    assert town.get(f"{LIST}/ledger.xlsx").ok().body[:2] == b"PK"

    with database.reading() as session:
        [wrong] = [row.id for row in session.query(Incident) if not row.in_time and row.kind == "accident"]
    path = f"{LIST}/{wrong}/strike"
    assert town.post(path, {"reason": ""}, form=LIST).status == 422
    assert desk_of(world.people.other_town_reviewer).post(path, {"reason": "x"}, form=LIST).status == 404
    assert town.post(path, {"reason": "重复登记"}, form=LIST).status == 303
    assert town.post(path, {"reason": "重复登记"}, form=LIST).status == 409
    assert count(database, unions.south, "accidents").value == 1
    assert "作废：重复登记" in town.get(f"{LIST}?status=struck").ok().text


@pytest.mark.parametrize(
    ("changes", "status", "says"),
    [
        ({"happened_on": "2199-01-01"}, 422, "不能晚于今天"),
        ({"words": ""}, 422, "车间|请填写"),
        ({"kind": "alert", "injured": "1"}, 422, "有伤亡的请登记成事故"),
        ({"deaths": "-1"}, 422, ""),
        ({"source": ""}, 422, ""),
    ],
)
def test_what_cannot_be_is_refused_and_stays_as_it_was_typed(
    world: World, desk_of: DeskOf, changes: dict[str, str], status: int, says: str
) -> None:
    answer = note(desk_of(world.people.town_reviewer), world.unions.shipyard, **changes)
    assert answer.status == status
    assert re.search(says, answer.text)
    assert "应急管理部门通报" in answer.text or "source" in changes


def test_nobody_notes_of_their_own_union_or_of_anothers(world: World, desk_of: DeskOf) -> None:
    people, unions = world.people, world.unions
    assert note(desk_of(people.town_reviewer), unions.seaside).status == 403
    assert note(desk_of(people.district_reviewer), unions.seaside).status == 303
    assert note(desk_of(people.town_reviewer), unions.brewery).status == 404
    worker = desk_of(people.enterprise_reviewer)
    assert worker.post(LIST, {"union": str(unions.shipyard)}, form="/console/").status == 403


def test_a_sheet_is_taken_row_by_row(desk_of: DeskOf, world: World, database: Database) -> None:
    town = desk_of(world.people.town_reviewer)
    heads = ["企业编号或名称", "种类", "日期", "情况", "报告、响应", "受伤", "来源"]
    good = ["蓝海船舶修造有限公司", "事故", "2025-12-01", "机械伤害", "不及时", "2人", "通报1号"]
    rows = [
        good,
        good,
        ["山泉酒业有限公司", *good[1:]],  # of another town
        [good[0], "事故", "去年", "触电", "好", "0", "通报2号"],
        [good[0], "预警", "2025-12-02", "大风", "及时", "1", "通报3号"],
    ]

    def load(*rows: list[str]) -> str:
        book = xlsx(sheet_xml(row(*heads), *(row(*each) for each in rows)))
        return town.post(f"{LIST}/import", {}, form="/console/", files={"file": ("表.xlsx", book, XLSX)}).ok().text

    page = load(*rows)
    for words in (
        "已登记 1 条",
        "4 行有问题",
        "已经登记过了",
        "不归您管",
        "只能填：及时、不及时",
        "有伤亡的请登记成事故",
    ):
        assert words in page, words
    assert "已登记 0 条" in load(good)
    with database.reading() as session:
        [kept] = session.query(Incident)
        assert (kept.union_id, kept.in_time, kept.injured) == (world.unions.shipyard, False, 2)
    assert town.get(f"{LIST}/import/template.xlsx").ok().body[:2] == b"PK"
    assert town.post(f"{LIST}/import", {}, form="/console/").status == 422


@pytest.mark.slow("a plan, a draw and three frames")
def test_the_frame_of_a_draw_weighs_recent_accidents_and_none_that_are_old_or_struck(
    desk_of: DeskOf, world: World, database: Database
) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = draft(city, mode="random")
    assert publish(city, plan).status == 303
    terms = {
        "strata_by": "all",
        "source": "上证指数2026年12月9日收盘点位",
        "value_form": "index",
        "due_on": "2026-12-09",
    }
    draw = send(city, f"{plan}/draws", **terms).headers["Location"]

    def heavy() -> set[str]:
        """Names of enterprises that weigh for an accident."""
        with database.reading() as session:
            row = session.scalars(select(Draw)).one()
            frame = build_frame(session, session.get_one(Plan, row.plan_id), row, "0" * 64, clock.now())
        assert frame["accident_months"] == 36
        return {unit["name"] for unit in frame["units"] if "有过事故" in unit["why"]}

    assert heavy() == set()
    assert note(city, world.unions.shipyard).status == 303
    assert note(city, world.unions.bakery, happened_on="2020-01-01").status == 303  # long ago
    assert note(city, world.unions.brewery, "alert").status == 303  # no accident
    assert heavy() == {"蓝海船舶修造有限公司"}
    assert "有过事故" in city.get(draw).ok().text
    with database.reading() as session:
        wrong = session.scalars(select(Incident.id).where(Incident.union_id == world.unions.shipyard)).one()
    assert city.post(f"{LIST}/{wrong}/strike", {"reason": "企业名称写错"}, form=LIST).status == 303
    assert heavy() == set()
