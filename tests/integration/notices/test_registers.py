"""The registers of notices: what was sent, voided numbers included, and what came; who signed, by post and channel."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask

from server.assignments.dispatch.models import ReceiptChannel
from tests.integration.notices.conftest import NoticeHands
from tests.support.callers import Desk
from tests.support.counting import count_statements
from tests.support.ledgers import read_ledger, sheet_of
from tests.support.world import Someone, World

DeskOf = Callable[[Someone | None], Desk]
ON_ONE = pytest.mark.parametrize("backend", ["embedded"], indirect=True)  # its SQL is that of the tests on both


def test_the_register_of_what_was_sent_lists_every_number_voided_ones_too(
    hands: NoticeHands, desk_of: DeskOf, world: World
) -> None:
    first, second, third = (hands.document() for _ in range(3))
    hands.withdraw(second)
    fourth = hands.replace(third)
    hands.draft_notice(title="还没有发的")
    city = desk_of(world.people.city_reviewer)
    content = city.get("/console/notices/ledger.xlsx").ok().body
    rows = read_ledger(content)
    assert sheet_of(content)["A1"].value == "发文登记簿"
    listed = {row["文号"]: (row["状态"], row["备注"]) for row in rows if row["发文日期"]}
    assert listed == {
        hands.number_of(first): ("已发出", None),
        hands.number_of(second): ("已撤回", "发错了"),
        hands.number_of(third): ("已被替代", "日期写错"),
        hands.number_of(fourth): ("已发出", None),
    }
    assert rows[1]["收文单位数"] == len(hands.rows(fourth))
    voided = city.get("/console/notices?status=void").ok().text
    assert [str(each) in voided for each in (first, second, third)] == [False, True, True]
    assert "都签收了" not in voided, "nobody signed for what was withdrawn"


@ON_ONE
def test_the_register_of_what_came_says_who_signed_by_which_post_and_nothing_of_others(
    hands: NoticeHands, desk_of: DeskOf, world: World
) -> None:
    signed, unsigned = hands.document(details={"urgency": "urgent"}), hands.notice(title="第二份")
    hands.sign(signed, world.unions.south, "district_reviewer", ReceiptChannel.PHONE)
    desk = desk_of(world.people.district_reviewer)
    rows = read_ledger(desk.get("/console/notices/received/ledger.xlsx").ok().body)
    assert [(row["文号"], row["紧急程度"], row["办理情况"], row["职务"]) for row in rows] == [
        (hands.load(unsigned).number, "普通", "待签收", None),
        (hands.number_of(signed), "加急", "已签收", "区市工会审核员"),
    ]
    assert rows[1]["签收人"] == world.people.district_reviewer.name
    page = desk.get("/console/notices/received?status=unsigned").ok().text
    assert ("第二份" in page, str(hands.number_of(signed)) in page) == (True, False)
    assert (
        read_ledger(desk_of(world.people.enterprise_reviewer).get("/console/notices/received/ledger.xlsx").body) == []
    )


@ON_ONE
def test_a_copy_is_read_and_need_not_be_signed_for(hands: NoticeHands, desk_of: DeskOf, world: World) -> None:
    notice_id = hands.notice(plus=(world.unions.south,), levels=(), copies=(world.unions.north,))
    hands.sign(notice_id, world.unions.south, "district_reviewer")
    copied = desk_of(world.people.other_district_reviewer)
    title = hands.load(notice_id).title
    shown = [title in copied.get(f"/console/notices/received?status={tab}").ok().text for tab in ("copied", "unsigned")]
    assert shown == [True, False]
    assert "都签收了" in desk_of(world.people.city_reviewer).get("/console/notices").ok().text


def test_a_notice_is_found_by_its_number_however_it_is_written(
    hands: NoticeHands, desk_of: DeskOf, world: World
) -> None:
    first, second = hands.document(), hands.document()
    number = hands.number_of(second) or ""
    for typed in (number, number.replace("〔", "[").replace("〕", "]").removesuffix("号")):
        answer = desk_of(world.people.city_reviewer).get(f"/console/notices?q={quote(typed)}")
        assert (answer.status, answer.headers["Location"]) == (303, f"/console/assignments/{second}")
    received = desk_of(world.people.district_reviewer).get(f"/console/notices/received?q={quote(number)}")
    assert received.headers["Location"] == f"/console/tasks/{hands.rows(second)[world.unions.south].id}"
    page = desk_of(world.people.city_reviewer).get("/console/notices?form=light").ok().text
    assert str(first) not in page


@ON_ONE
def test_a_register_asks_as_much_for_many_as_for_one(
    hands: NoticeHands, app: Flask, desk_of: DeskOf, world: World
) -> None:
    city, district = desk_of(world.people.city_reviewer), desk_of(world.people.district_reviewer)
    engine = app.extensions["database"].engine

    def counted() -> list[int]:
        counts = []
        for desk, path in ((city, "/console/notices"), (district, "/console/notices/received")):
            desk.get(path).ok()
            with count_statements(engine) as statements:
                desk.get(path).ok()
            counts.append(len(statements))
        return counts

    hands.document(copies=(world.unions.seaside,))
    one = counted()
    for _ in range(4):
        hands.document(copies=(world.unions.hillside,))
    assert counted() == one


@ON_ONE
@pytest.mark.parametrize("path", ["/console/notices", "/console/notices/received"])
def test_other_unions_see_nothing_of_a_register(hands: NoticeHands, desk_of: DeskOf, world: World, path: str) -> None:
    notice_id = hands.notice(plus=(world.unions.south,), levels=(), title="只给城南")
    hands.draft_notice(title="草稿只给自己看")
    page = desk_of(world.people.other_district_reviewer).get(path).ok().text
    assert ("只给城南" in page, "草稿只给自己看" in page, str(notice_id) in page) == (False, False, False)
