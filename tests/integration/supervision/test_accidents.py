"""The register of accidents: entered, imported, taken back; what the frame of a draw makes of it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from server.core import clock
from server.core.db import Database
from server.oversight.supervision.drawing.frame import build_frame
from server.oversight.supervision.models import Accident, Draw, Plan
from tests.integration.supervision.planning import draft, publish, send
from tests.support.callers import Answer, Desk
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
HOME = "/console/supervision/accidents"
TERMS = {"strata_by": "all", "source": "上证指数2026年12月9日收盘点位", "value_form": "index", "due_on": "2026-12-09"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ["企业编号或名称", "日期", "什么事故", "来源"]


def enter(desk: Desk, enterprise: object, day: str, words: str = "机械伤害，一般事故") -> Answer:
    return send(desk, HOME, enterprise=str(enterprise), happened_on=day, words=words, source="区应急局通报")


def load(desk: Desk, *rows: list[str]) -> Answer:
    book = Workbook()
    for row in (HEADS, *rows):
        book.active.append(row)  # type: ignore[union-attr]
    content = BytesIO()
    book.save(content)
    return desk.post(f"{HOME}/import", files={"file": ("a.xlsx", content.getvalue(), XLSX)}, form=f"{HOME}/new")


@pytest.mark.slow("a plan, a draw and three frames")
def test_the_frame_reads_the_register_and_forgets_what_is_old_or_was_taken_back(
    desk_of: DeskOf, world: World, database: Database
) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = draft(city, mode="random")
    assert publish(city, plan).status == 303
    draw = send(city, f"{plan}/draws", **TERMS).headers["Location"]

    def heavy() -> set[str]:
        """Names of enterprises that weigh for an accident."""
        with database.reading() as session:
            row = session.scalars(select(Draw)).one()
            frame = build_frame(session, session.get_one(Plan, row.plan_id), row, "0" * 64, clock.now())
        assert frame["accident_months"] == 36
        return {unit["name"] for unit in frame["units"] if "有过事故" in unit["why"]}

    assert heavy() == set()
    assert enter(city, world.unions.shipyard, "2025-12-01").status == 303
    assert enter(city, world.unions.bakery, "2020-01-01").status == 303  # long ago
    assert heavy() == {"蓝海船舶修造有限公司"}
    assert "有过事故" in city.get(draw).ok().text
    with database.reading() as session:
        row = session.scalars(select(Accident).where(Accident.enterprise_id == world.unions.shipyard)).one()
    assert send(city, f"{HOME}/{row.id}/withdraw", reason="").status == 422
    assert send(city, f"{HOME}/{row.id}/withdraw", reason="企业名称写错").status == 303
    assert heavy() == set()
    assert "企业名称写错" in city.get(f"{HOME}?status=withdrawn").ok().text


def test_a_sheet_is_taken_row_by_row(desk_of: DeskOf, world: World, database: Database) -> None:
    town = desk_of(world.people.town_reviewer)
    rows = (
        ["蓝海船舶修造有限公司", "2025-12-01", "机械伤害", "通报1号"],
        ["蓝海船舶修造有限公司", "2025-12-01", "机械伤害", "通报1号"],  # twice
        ["没有这家", "2025-12-01", "机械伤害", "通报1号"],
        ["蓝海船舶修造有限公司", "去年", "机械伤害", "通报1号"],
    )
    page = load(town, *rows).ok().text
    for words in ("已登记 1 起", "3 行有问题", "已经登记过了", "没有找到这家企业"):
        assert words in page, words
    assert load(town, *rows[:1]).ok().text.count("已登记 0 起") == 1
    with database.reading() as session:
        assert len(session.scalars(select(Accident)).all()) == 1


def test_nobody_enters_for_others_or_the_future_and_mistakes_come_back(desk_of: DeskOf, world: World) -> None:
    hillside, town = desk_of(world.people.other_town_reviewer), desk_of(world.people.town_reviewer)
    assert enter(hillside, world.unions.shipyard, "2025-12-01").status in (403, 404)
    assert desk_of(world.people.enterprise_reviewer).get(HOME).status == 403
    refused = enter(town, world.unions.shipyard, "2099-01-01", "触电")
    assert (refused.status, "触电" in refused.text) == (422, True)
    assert enter(town, world.unions.shipyard, "2025-12-01").status == 303
    assert enter(town, world.unions.shipyard, "2025-12-01").status == 409
    assert "蓝海船舶" not in hillside.get(HOME).ok().text
    assert desk_of(world.people.city_reviewer).get(f"{HOME}/ledger.xlsx").ok().body[:2] == b"PK"
