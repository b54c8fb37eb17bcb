"""The bell of the console: what is new for a reviewer, leading to what it is about, read once it was opened."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core import clock, ids
from server.core.clock import in_shanghai
from server.core.db import Database
from server.notifications.inbox.models import InboxMessage
from tests.integration.rectification.conftest import Case, Hand, accepted, hand_of, rectifier, town
from tests.support.callers import Desk, Phone, hazard
from tests.support.counting import count_statements
from tests.support.images import jpeg
from tests.support.world import Someone, World

__all__ = ["accepted", "hand_of", "rectifier", "town"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
Accepted = Callable[..., Case]
BELL = "/console/messages"
ENTRY = re.compile(rf'<a href="({BELL}/[0-9a-f-]{{36}})"([^>]*)>(.*?)</a', re.S)


def unread(desk: Desk) -> str:
    """What the bell of a page says."""
    found = re.search(r'aria-label="消息，([^"]+)"', desk.get("/console/account").ok().text)
    assert found is not None
    return found[1]


def latest(desk: Desk) -> list[tuple[str, str]]:
    """Address and words of the entries of the bell's panel."""
    found = ENTRY.findall(unescape(desk.get(f"{BELL}/latest").ok().text))
    return [(href, " ".join(re.sub(r"<[^>]+>", " ", words).split())) for href, _, words in found]


def add(database: Database, who: Someone, count: int, desk: str | None = "/console/queue") -> list[UUID]:
    """Messages to somebody; with no page of the console they are for the phone alone."""
    rows = [
        InboxMessage(
            id=ids.new_id(), person_id=who.id, key=f"{ids.new_id()}", title="有事", body="您看看。", desk=desk,
            created_at=clock.now(),
        )
        for _ in range(count)
    ]  # fmt: skip
    with database.transaction() as session:
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def test_whoever_it_is_up_to_hears_of_each_turn_and_is_led_to_the_item(
    accepted: Accepted, rectifier: Hand, town: Hand, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    case = accepted(grade=3)
    assert "收到整改建议" in latest(rectifier.desk)[0][1]
    href, _ = latest(rectifier.desk)[0]
    assert rectifier.desk.get(href).status == 303
    assert rectifier.move(case.row, "accept").status == 303
    assert rectifier.move(case.row, "ask_extension", days="3", text="备件没到").status == 303
    assert unread(town.desk) == "1 条没看过"
    href, words = latest(town.desk)[0]
    assert "申请延期，等您答复" in words
    assert "备件没到" not in words, "words of others stay with the item"
    opened = town.desk.get(href)
    assert (opened.status, opened.headers["Location"]) == (303, f"/console/rectifications/{case.row.id}")
    assert unread(town.desk) == "都看过了"
    assert town.move(case.row, "grant_extension", days="3").status == 303
    assert "同意延期" in latest(rectifier.desk)[0][1]
    assert "没看过：" in latest(rectifier.desk)[0][1]
    assert unread(town.desk) == "都看过了", "nobody is told of their own move"
    for other in (world.people.district_reviewer, world.people.other_town_reviewer):
        assert latest(desk_of(other)) == []


def test_of_what_an_anonymous_worker_did_it_tells_the_day_and_no_words(
    phone: Phone, town: Hand, database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    hazard_id, desk = ids.new_id_of_day(clock.now()), desk_of(world.people.enterprise_reviewer)
    phone.declare(hazard_id, hazard([jpeg(5)], is_anonymous=True, enterprise_id=world.unions.shipyard)).ok()
    phone.upload(hazard_id, jpeg(5)).ok()
    fields = {"version": "2", "reply": "在哪一层？"}
    assert desk.post(f"/console/submissions/{hazard_id}/return", fields).status == 303
    answer = {"text": "我是三班的，在二层", "photos": []}
    phone.put(f"/api/v1/submissions/{hazard_id}/answers/{ids.new_id_of_day(clock.now())}", answer).ok()
    [(href, words)] = latest(desk)
    assert "职工补充了" in words
    assert "三班" not in words
    with database.reading() as session:
        row = session.scalars(select(InboxMessage).where(InboxMessage.desk.is_not(None))).one()
    there = in_shanghai(row.created_at)
    assert (there.hour, there.minute, there.second) == (0, 0, 0)
    assert desk.get(href).headers["Location"] == f"/console/submissions/{hazard_id}"


def test_a_click_reads_them_all_but_what_one_was_told_as_a_worker_and_what_others_were(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    me, other = world.people.town_reviewer, world.people.district_reviewer
    add(database, me, 3)
    add(database, other, 1)
    (kept,) = add(database, me, 1, desk=None)
    desk = desk_of(me)
    assert unread(desk) == "3 条没看过", "what the phone tells is no business of the console's"
    assert desk.post(f"{BELL}/read", {}, form="/console/").status == 303
    assert unread(desk) == "都看过了"
    assert unread(desk_of(other)) == "1 条没看过"
    with database.reading() as session:
        assert session.get_one(InboxMessage, kept).read_at is None


def test_the_page_lists_all_and_finds_them_and_a_hundred_unread_are_counted_no_further(
    database: Database, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    desk = desk_of(world.people.town_reviewer)
    desk.get("/console/account").ok()
    with count_statements(database.engine) as few:
        desk.get("/console/account").ok()
    add(database, world.people.town_reviewer, 120)
    with count_statements(database.engine) as many:
        assert unread(desk) == "99+ 条没看过"
    assert len(few) == len(many)
    assert len([each for each in many if "inbox_messages" in each]) == 1
    page = desk.get(BELL).ok().text
    assert page.count("<tr data-row") == 50
    assert "after=" in page
    assert "<tr data-row" not in desk.get(f"{BELL}?q=别的").ok().text
    tomorrow = in_shanghai(clock.now() + timedelta(days=1)).date()
    assert "<tr data-row" not in desk.get(f"{BELL}?since={tomorrow}").ok().text
    assert desk.get(f"{BELL}?status=nonsense").status == 422


def test_nobody_opens_or_reads_what_others_were_told(
    database: Database, world: World, phone: Phone, desk_of: Callable[[Someone], Desk]
) -> None:
    (theirs,) = add(database, world.people.town_reviewer, 1)
    (phone_only,) = add(database, world.people.district_reviewer, 1, desk=None)
    stranger = desk_of(world.people.district_reviewer)
    assert latest(stranger) == []
    for each in (theirs, phone_only, ids.new_id()):
        assert stranger.get(f"{BELL}/{each}").status == 404
    with database.reading() as session:
        assert session.get_one(InboxMessage, theirs).read_at is None
    assert phone.get(BELL).status in (302, 303, 401, 403)
    assert stranger.post(f"{BELL}/read", {}, form="/console/").status == 303
    assert unread(desk_of(world.people.town_reviewer)) == "1 条没看过"
