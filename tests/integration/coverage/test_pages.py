"""Clerks see how far training reaches, who is left, and remind them once; enterprises say once how many they are."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from server.core.db import Database
from server.core.sheets import XLSX
from server.notifications.inbox.models import InboxMessage
from server.oversight.coverage.models import Denominator, DenominatorSource
from server.oversight.coverage.texts import rate
from server.unions.tree.models import Union
from tests.integration.coverage.training import attend, count_coverage, hold_session, sign
from tests.support.callers import Answer, Desk
from tests.support.ledgers import sheet_of
from tests.support.sheets import row, sheet_xml, xlsx
from tests.support.world import Someone, World

pytestmark = pytest.mark.usefixtures("end_of_november")

HEADS = {
    "as_of": "2026-11-20", "own": "8", "dispatched": "1", "contractors": "1", "officers_required": "1", "teams": "2",
    "evidence": "社保缴费人数", "signed_by": "企业工会主席",
}  # fmt: skip


def enter(desk: Desk, world: World, **changes: str) -> Answer:
    path = f"/console/coverage/enterprises/{world.unions.shipyard}/denominators"
    return desk.post(path, HEADS | changes, form="/console/")


def test_an_enterprise_says_once_how_many_it_has_and_the_page_of_the_union_says_the_same(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    count_coverage(database)
    assert "1 家企业的职工数还没有签认" in desk.get("/console/").ok().text
    assert enter(desk, world).status == 303
    page = desk.get(f"/console/coverage/enterprises/{world.unions.shipyard}").ok().text
    assert all(words in page for words in ("2026-11-20", "企业工会主席", "企业填报", "社保缴费人数"))
    with database.reading() as session:
        assert session.get_one(Union, world.unions.shipyard).headcount == 10
    count_coverage(database)
    assert "还没有签认" not in desk.get("/console/").ok().text
    assert enter(desk, world, as_of="2026-11-01", own="5").status == 303  # an older one stays history
    with database.reading() as session:
        assert session.get_one(Union, world.unions.shipyard).headcount == 10


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"as_of": "2026-11-30"}, "不能晚于今天"),
        ({"own": "八个"}, "要填整数"),
        ({"own": "-1"}, "要填整数"),
        ({"officers_required": "0"}, "1"),
        ({"signed_by": " "}, "签认人"),
    ],
)
def test_what_is_refused_comes_back_as_it_was_typed(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, changes: dict[str, str], words: str
) -> None:
    answer = enter(desk_of(world.people.enterprise_reviewer), world, **changes)
    assert (answer.status, words in answer.text, "社保缴费人数" in answer.text) == (422, True, True)
    with database.reading() as session:
        assert session.scalar(select(Denominator.id)) is None


def test_the_table_opens_downwards_and_is_handed_in_as_a_sheet(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    with database.transaction() as session:
        sign(session, world, world.unions.shipyard, date(2026, 3, 1), own=4, teams=1)
        sign(session, world, world.unions.bakery, date(2026, 3, 1), own=0, teams=0)
        session.get_one(Union, world.unions.shipyard).safety_officer_name = "某某"
        session.get_one(Union, world.unions.shipyard).is_chemical = True
        held = hold_session(session, world, date(2026, 5, 4))
        attend(session, held, world.unions.shipyard, "p1", is_officer=True)
        attend(session, held, world.unions.shipyard, "p2", person_id=world.people.worker.id)
    count_coverage(database)
    desk = desk_of(world.people.city_reviewer)
    top = desk.get("/console/coverage").ok().text
    assert all(words in top for words in ("市南区", "市北区", "合计", "没有签认"))
    south = desk.get(f"/console/coverage?union={world.unions.south}&chemical=true").ok().text
    assert "八大湖街道" in south
    assert "50%" in south
    assert "按行业" in south
    assert desk.get("/console/coverage?by=size").ok().text.count("未填") == 1
    title, *_ = sheet = [*sheet_of(desk.get("/console/coverage/table.xlsx").ok().body).values]
    heads = next(line for line in sheet if "区市" in line)
    lines = {line[0]: dict(zip(heads, line, strict=True)) for line in sheet[sheet.index(heads) + 1 :]}
    assert title[0] == "培训覆盖情况统计表"
    assert [lines["市南区"][head] for head in ("企业数", "应训负责人", "职工数", "班组数")] == [2, 2, 4, 1]
    assert lines["市南区"]["有负责人参训的企业"] == 1
    assert lines["合计"]["无负责人信息"] == 2
    # others see their own part, an enterprise its own page
    assert desk_of(world.people.district_reviewer).get(f"/console/coverage?union={world.unions.north}").status == 404
    own = desk_of(world.people.enterprise_reviewer).get("/console/coverage")
    assert f'action="/console/coverage/enterprises/{world.unions.shipyard}/denominators"' in own.ok().text


def test_whoever_is_left_is_listed_and_reminded_once_a_day(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, time_machine: Any
) -> None:
    with database.transaction() as session:
        sign(session, world, world.unions.shipyard, date(2026, 3, 1), own=4)
        attend(session, hold_session(session, world, date(2026, 5, 4)), world.unions.shipyard, "p1",
               person_id=world.people.worker.id)  # fmt: skip
    count_coverage(database)
    desk = desk_of(world.people.town_reviewer)
    listed = desk.get("/console/coverage/gaps?status=unnamed").ok().text
    unions, path = world.unions, "/console/coverage/enterprises/"
    assert [f"{path}{each}" in listed for each in (unions.shipyard, unions.bakery, unions.brewery)] == [1, 1, 0]
    assert path not in desk.get("/console/coverage/gaps?chemical=1").ok().text
    assert desk.get("/console/coverage/gaps/ledger.xlsx").ok().body[:2] == b"PK"

    def remind(fields: dict[str, str], desk: Desk = desk) -> str:
        path = desk.post("/console/coverage/gaps/remind", fields, form="/console/").headers["Location"]
        return desk.get(path).ok().text

    both = {"whole_list": "1"}
    assert "已提醒 1 家企业。没有处理 1：企业还没有审核员" in remind(both)
    assert "今天已经提醒过" in remind(both)
    assert "没有要提醒的" in remind({"picked": str(world.unions.brewery)})  # not theirs: no more is told
    time_machine.move_to("2026-11-30T04:00Z", tick=False)
    assert "已提醒 1 家企业" in remind(both, desk_of(world.people.district_reviewer))
    with database.reading() as session:
        mine = select(InboxMessage).where(InboxMessage.person_id == world.people.enterprise_reviewer.id)
        told = session.scalars(mine).all()
    assert len(told) == 2
    assert "职工还差 3 人" in told[0].body

    desk = desk_of(world.people.district_reviewer)
    absent = desk.get(f"/console/coverage/absent?union={world.unions.shipyard}").ok().text
    assert ("钱工" in absent, "赵工" in absent) == (True, False)
    assert "钱工" not in desk.get("/console/coverage/absent").ok().text  # one enterprise at a time


def test_an_officer_named_beside_the_one_of_the_page_counts_until_they_go(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    with database.transaction() as session:
        attend(session, hold_session(session, world, date(2026, 5, 4)), world.unions.shipyard, "p1", name="钱工")
    desk, page = (
        desk_of(world.people.enterprise_reviewer),
        f"/console/coverage/enterprises/{world.unions.shipyard}",
    )
    assert desk.post(f"{page}/officers", {"name": "钱工", "post": "安全主管"}, form="/console/").status == 303
    assert desk.post(f"{page}/officers", {"name": "钱工"}, form="/console/").status == 409
    count_coverage(database)
    text = desk.get(page).ok().text
    assert ("已参训" in text, "安全主管" in text) == (True, True)
    end = text.split("/console/coverage/officers/")[1].split("/end")[0]
    assert desk_of(world.people.other_enterprise_reviewer).post(
        f"/console/coverage/officers/{end}/end", {}, form="/console/"
    ).status == 404  # fmt: skip
    assert desk.post(f"/console/coverage/officers/{end}/end", {}, form="/console/").status == 303
    count_coverage(database)
    assert "无负责人信息" in desk.get(page).ok().text


def test_many_come_by_a_sheet_and_each_row_that_is_wrong_says_why(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    desk = desk_of(world.people.town_reviewer)
    heads = ["企业编号或名称", "日期", "本单位职工", "劳务派遣", "班组数", "签认人"]
    rows = [
        ["蓝海船舶修造有限公司", "2026-11-01", "1,200人", "3", "4", "企业工会主席"],
        ["山泉酒业有限公司", "2026-11-01", "5", "0", "0", "企业工会主席"],  # of another town
        ["麦香食品有限公司", "2026-12-01", "5", "0", "0", "企业工会主席"],  # to come
        ["麦香食品有限公司", "2026-11-01", "很多", "0", "0", "企业工会主席"],
    ]
    book = xlsx(sheet_xml(row(*heads), *(row(*each) for each in rows)))
    answer = desk.post("/console/coverage/import", {}, form="/console/", files={"file": ("表.xlsx", book, XLSX)})
    assert "已保存 1 家" in answer.ok().text
    assert all(words in answer.text for words in ("不归您管", "不能晚于今天", "要填整数"))
    with database.reading() as session:
        [kept] = session.scalars(select(Denominator)).all()
        assert (kept.own, kept.teams, kept.source) == (1200, 4, DenominatorSource.SHEET)
        assert session.scalar(select(func.count()).select_from(Denominator)) == 1
    assert desk.get("/console/coverage/import/template.xlsx").ok().body[:2] == b"PK"
    assert desk.post("/console/coverage/import", {}, form="/console/").status == 422


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "不适用"), (0, 3, "0%"), (1, 3, "33.3%"), (2, 2, "100%"), (9999, 10000, "99.9%"), (1, 100, "1%")],
)
def test_nothing_to_divide_by_is_not_applicable_and_nearly_all_is_not_all(part: int, whole: int, words: str) -> None:
    assert rate(part, whole) == words
