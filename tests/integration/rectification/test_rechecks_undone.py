"""The minute in which a recheck is taken back by one key: nobody hears of it and nothing is earned before."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from server.core import clock
from server.core.db import Database
from server.kit.selections import PICKED
from server.photos.models import Photo, PhotoState
from server.review.rectification.models import RectifyStatus
from server.rewards.points.models import PointsTransfer
from tests.integration.rectification.conftest import LIST, Case, Hand
from tests.support.callers import Answer, Phone
from tests.support.images import jpeg
from tests.support.world import Someone, World

pytestmark = [
    pytest.mark.parametrize("backend", ["embedded"], indirect=True),
    pytest.mark.settings(announce_seconds=60),
]
CLOSED, SENT_BACK = "复查通过，已销号", "复查没有通过，继续整改"
Wait = Callable[[], None]


@pytest.fixture
def pass_a_minute(run_jobs: Callable[..., None], time_machine: Any) -> Wait:
    """The minute goes by, and the worker does what is due."""

    def wait() -> None:
        time_machine.move_to(clock.now() + timedelta(seconds=61))
        run_jobs()

    return wait


@pytest.fixture
def waiting(
    accepted: Callable[..., Case], rectifier: Hand, database: Database, pass_a_minute: Wait
) -> Callable[..., list[Case]]:
    """`waiting(2)`: hazards that wait for a recheck, their after-photos ready to be seen."""

    def make(count: int = 1) -> list[Case]:
        cases = [accepted() for _ in range(count)]
        pass_a_minute()
        for number, case in enumerate(cases):
            rectifier.submit(case.row, jpeg(80 + number))
        pass_a_minute()
        with database.transaction() as session:
            session.execute(update(Photo).values(state=PhotoState.READY))
        return cases

    return make


def close(who: Hand, case: Case) -> Answer:
    answer = who.move(case.row, "close", way="by_photos")
    assert answer.status == 303, answer.text[:2000]
    return answer


def undo(who: Hand, case: Case) -> Answer:
    return who.move(case.row, "undo")


def titles(phone: Phone) -> list[str]:
    return [each["title"] for each in phone.get("/api/v1/inbox?limit=50").ok().json["items"]]


def closing_credits(database: Database) -> int:
    with database.reading() as session:
        return sum(each.source.startswith("hazard.closed:") for each in session.scalars(select(PointsTransfer)))


def test_closing_is_told_and_earns_points_when_its_minute_is_over(
    town: Hand, rectifier: Hand, phone: Phone, waiting: Callable[..., list[Case]], database: Database,
    pass_a_minute: Wait,
) -> None:  # fmt: skip
    (case,) = waiting()
    close(town, case)
    assert (CLOSED in titles(phone), closing_credits(database)) == (False, 0)
    assert CLOSED not in rectifier.desk.get("/console/messages").ok().text
    pass_a_minute()
    pass_a_minute()
    assert (titles(phone).count(CLOSED), closing_credits(database)) == (1, 1)
    assert CLOSED in rectifier.desk.get("/console/messages").ok().text


def test_closed_undone_and_closed_again_is_one_message_and_one_credit(
    town: Hand, phone: Phone, waiting: Callable[..., list[Case]], database: Database, pass_a_minute: Wait
) -> None:
    (case,) = waiting()
    before = case.row
    close(town, case)
    assert undo(town, case).headers["Location"] == f"{LIST}/{case.row.id}"
    after = case.row
    assert (after.status, after.due_at, after.rest_days) == (before.status, before.due_at, before.rest_days)
    assert after.closed_at is None
    close(town, case)
    pass_a_minute()
    pass_a_minute()
    assert (titles(phone).count(CLOSED), closing_credits(database)) == (1, 1)


def test_sent_back_and_undone_leaves_the_deadline_as_it_stood_and_tells_nobody(
    town: Hand, phone: Phone, waiting: Callable[..., list[Case]], pass_a_minute: Wait
) -> None:
    (case,) = waiting()
    before = case.row
    town.move(case.row, "send_back", text="还缺一段")
    assert case.row.status is RectifyStatus.ACCEPTED
    assert undo(town, case).status == 303
    after = case.row
    assert (after.status, after.due_at, after.rest_days) == (before.status, before.due_at, before.rest_days)
    pass_a_minute()
    assert SENT_BACK not in titles(phone)
    told = phone.get(f"/api/v1/submissions/{case.submission_id}").ok().text
    assert "撤回" not in told
    assert "还缺一段" not in told


def test_the_page_after_it_offers_to_take_it_back(town: Hand, waiting: Callable[..., list[Case]]) -> None:
    (case,) = waiting()
    page = town.desk.get(close(town, case).headers["Location"]).ok().text
    assert f'action="{LIST}/{case.row.id}/undo"' in page
    assert "撤回刚才的结论" in town.open(case.row.id).text


def test_once_it_is_told_it_cannot_be_taken_back_any_more(
    town: Hand, waiting: Callable[..., list[Case]], pass_a_minute: Wait
) -> None:
    (case,) = waiting()
    close(town, case)
    pass_a_minute()
    assert "撤回刚才的结论" not in town.open(case.row.id).text
    refused = undo(town, case)
    assert (refused.status, "不能再撤回" in refused.text) == (409, True)
    assert case.row.status is RectifyStatus.CLOSED


def test_who_concluded_takes_it_back_and_nobody_else(
    town: Hand, hand_of: Callable[[Someone], Hand], world: World, waiting: Callable[..., list[Case]]
) -> None:
    (case,) = waiting()
    close(town, case)
    assert undo(hand_of(world.people.district_reviewer), case).status == 403
    assert undo(hand_of(world.people.other_town_reviewer), case).status == 404
    assert case.row.status is RectifyStatus.CLOSED


def test_several_concluded_together_are_taken_back_together(
    town: Hand, phone: Phone, waiting: Callable[..., list[Case]], pass_a_minute: Wait
) -> None:
    first, second = cases = waiting(2)
    town.desk.get(f"{LIST}/rechecks?ids={first.row.id},{second.row.id}").ok()
    drawn = {
        f"conclusion-{first.row.id}": f"close:{first.row.version}",
        f"conclusion-{second.row.id}": f"send_back:{second.row.version}",
        f"text-{second.row.id}": "还缺一段",
    }
    shown = f"{LIST}?since=2026-01-02&status=submitted"  # as the list was narrowed: it stays so all the way
    assert town.desk.post(f"{LIST}/rechecks/picked?since=2026-01-02", {}).headers["Location"] == shown
    picked = {PICKED: f"{first.row.id}:0"}
    sheet = town.desk.post(f"{LIST}/rechecks/picked?since=2026-01-02", picked).headers["Location"]
    assert sheet == f"{LIST}/rechecks?since=2026-01-02&status=submitted&ids={first.row.id}"
    assert f'href="{shown.replace("&", "&amp;")}"' in town.desk.get(sheet).text
    ended = town.desk.post(f"{LIST}/rechecks?since=2026-01-02", {"way": "by_photos", **drawn}).headers["Location"]
    assert ended == shown
    page = town.desk.get(ended).ok().text
    assert f'action="{LIST}/rechecks/undo?since=2026-01-02"' in page
    (rows,) = re.findall(r'name="rows" value="([^"]+)"', page)
    undone = town.desk.post(f"{LIST}/rechecks/undo?since=2026-01-02", {"rows": rows})
    assert (undone.status, undone.headers["Location"]) == (303, shown)
    assert "已撤回 2 条" in town.desk.get(LIST).text
    assert [case.row.status for case in cases] == [RectifyStatus.SUBMITTED] * 2
    town.desk.post(f"{LIST}/rechecks/undo", {"rows": rows}).ok()
    assert "没有处理 2" in town.desk.get(LIST).text
    pass_a_minute()
    assert not {CLOSED, SENT_BACK} & set(titles(phone))
    for nonsense in ("", "x", "1:2", "," * 50):
        assert town.desk.post(f"{LIST}/rechecks/undo", {"rows": nonsense}).status == 422


def test_what_comes_next_within_the_minute_tells_first_what_was_held(
    town: Hand, rectifier: Hand, phone: Phone, waiting: Callable[..., list[Case]], pass_a_minute: Wait
) -> None:
    (case,) = waiting()
    town.move(case.row, "send_back", text="还缺一段")
    rectifier.submit(case.row, jpeg(99))
    assert titles(phone)[:2] == ["单位说已整改好", SENT_BACK]
    assert undo(town, case).status == 409
    pass_a_minute()
    assert titles(phone).count(SENT_BACK) == 1


def test_what_stands_on_paper_is_not_taken_back_and_what_was_taken_back_never_gets_on_paper(
    town: Hand, waiting: Callable[..., list[Case]]
) -> None:
    (case,) = waiting()
    town.move(case.row, "send_back", text="还缺一段")
    undo(town, case)
    assert town.issue(case.row, "recheck") == 409
    close(town, case)
    assert town.issue(case.row, "recheck") == 303
    assert json.loads(case.papers[-1].words)["is_right"]
    refused = undo(town, case)
    assert (refused.status, "开具了文书" in refused.text) == (409, True)
