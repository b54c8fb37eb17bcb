"""The rota of a plan: by the rules, changed by hand with a reason and judged again, on paper."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from server.core.db import Database
from server.unions.roles import Level
from tests.integration.supervision.planning import add_team, draft, publish, send
from tests.integration.supervision.test_draws import verify
from tests.support.callers import Desk
from tests.support.world import Someone, World, make_union

DeskOf = Callable[[Someone], Desk]
HEADS = ["组别", "组长单位", "成员", "受检区市", "时间", "联络员"]


@pytest.fixture
def districts(database: Database, world: World) -> list[Any]:
    """Three of them, a chemical enterprise in the third."""
    with database.transaction() as session:
        third = make_union(session, Level.DISTRICT, "东区总工会", world.unions.city).id
        make_union(session, Level.ENTERPRISE, "东区化工厂", third, is_chemical=True)
    return [world.unions.south, world.unions.north, third]


def crossing(desk: Desk, districts: list[Any], chemists: tuple[int, ...] = (1,), **changes: str) -> str:
    plan = draft(desk, mode="cross", **changes)
    for at, each in enumerate(districts):
        expert = {"is_chemist": "1"} if at in chemists else {}
        team = add_team(desk, plan, each, words=f"专家{at}", duty="leader", **expert)
        assert (
            send(
                desk, f"{plan}/teams/members/add", words=f"联络{at}", phone="0532-80001234", duty="liaison", team=team
            ).status
            == 303
        )
    return plan


def table(desk: Desk, plan: str) -> list[list[Any]]:
    sheet = load_workbook(BytesIO(desk.get(f"{plan}/rota/sheet.xlsx").ok().body)).active
    assert sheet is not None
    rows: list[Any] = [list(row) for row in sheet.iter_rows(values_only=True)]
    start = rows.index(HEADS)
    return [row for row in rows[start + 1 :] if row[0]]


@pytest.mark.slow("three plans, a sheet and a paper")
def test_three_districts_inspect_each_other_in_a_ring(desk_of: DeskOf, world: World, districts: list[Any]) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = crossing(city, districts)
    assert send(city, f"{plan}/rota/arrange").status == 303
    rows = table(city, plan)
    assert [row[0] for row in rows] == ["第1组", "第2组", "第3组"]
    assert all(row[1] != row[3] for row in rows)  # nobody at home
    pairs = {(row[1], row[3]) for row in rows}
    assert not any((there, here) in pairs for here, there in pairs)
    assert next(row[0] for row in rows if row[3] == "东区总工会") == "第2组"  # who has a chemist
    assert rows[0][4:] == ["12月1日至12月20日", "联络0 0532-80001234"]
    page = city.get(f"{plan}/rota").ok().text
    assert "有化工专业人员" in page
    paper = Document(BytesIO(city.get(f"{plan}/rota/paper.docx").ok().body))
    assert [cell.text for cell in paper.tables[0].rows[0].cells] == HEADS
    assert len(paper.tables[0].rows) == 4

    # Whoever lies there is visited by that group.
    assert send(city, f"{plan}/units", enterprise=str(world.unions.bakery)).status == 303
    goes = next(row[0] for row in rows if row[3] == "市南区总工会")
    assert goes in city.get(f"/console/supervision/units?plan={plan.rpartition('/')[2]}").text

    # The next plan: the ring of three has one other way round, and its chemist would have to be in another group.
    assert publish(city, plan).status == 303
    again = crossing(city, districts, title="明年的督导")
    refused = send(city, f"{again}/rota/arrange")
    assert (refused.status, "上次" in refused.text) == (409, True)
    other = crossing(city, districts, chemists=(0,), title="后年的督导")
    assert send(city, f"{other}/rota/arrange").status == 303
    assert not {(row[1], row[3]) for row in table(city, other)} & pairs


def test_a_change_by_hand_has_a_reason_and_is_judged_again(
    desk_of: DeskOf, world: World, districts: list[Any], tmp_path: Path
) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = crossing(city, districts)
    assert city.get(f"{plan}/rota/file.json").status == 404  # not arranged yet
    assert send(city, f"{plan}/rota/arrange").status == 303
    page = city.get(f"{plan}/teams").text
    team = re.findall(r'value="([0-9a-f-]{36})"', page.split('id="team-1"')[1])[0]
    move = {"union": str(districts[0]), "team": team}
    silent = send(city, f"{plan}/rota/change", **move)
    assert (silent.status, "写明原因" in silent.text) == (422, True)
    assert send(city, f"{plan}/rota/change", **move, reason="路近", starts_on="2026-12-02").status == 422
    days = {"starts_on": "2026-12-02", "ends_on": "2026-12-04"}
    assert send(city, f"{plan}/rota/change", **move, reason="路近", **days).status == 303
    page = city.get(f"{plan}/rota").text
    assert "不能查本地" in page
    assert "手工改：路近" in page
    assert "12月2日至12月4日" in page
    file = city.get(f"{plan}/rota/file.json").ok().json
    assert "联络0" not in str(file)
    done = verify(tmp_path, file, "--content-hash", file["content_hash"])
    assert (done.returncode, "原因：路近" in done.stdout, "不符合“不查本地”" in done.stdout) == (0, True, True)
    assert send(city, f"{plan}/rota/arrange").status == 303  # by the rules again
    assert "不能查本地" not in city.get(f"{plan}/rota").text
    other = desk_of(world.people.other_district_reviewer)
    assert [other.get(f"{plan}/rota{path}").status for path in ("", "/file.json")] == [404, 404]
    assert send(other, f"{plan}/rota/change", **move, reason="不去").status == 404


def test_two_districts_cannot_inspect_each_other(desk_of: DeskOf, world: World) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = crossing(city, [world.unions.south, world.unions.north])
    answer = send(city, f"{plan}/rota/arrange")
    assert (answer.status, "如果不要求“不互查”就可以" in answer.text) == (409, True)
    assert send(city, f"{plan}/rota/targets", union=str(world.unions.shipyard)).status == 422
    empty = draft(city, mode="cross")
    assert "先给各组选组长单位" in send(city, f"{empty}/rota/arrange").text
