"""Rechecking as fast as reviewing: one thing after the other, ready replies, and several side by side."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import update

from server.core.db import Database
from server.photos.models import Photo, PhotoState
from server.review.rectification.models import RectifyStatus
from tests.integration.rectification.conftest import LIST, Case, Hand
from tests.support.callers import Answer, Desk
from tests.support.images import jpeg
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
SHEET = f"{LIST}/rechecks"
WAITING = f"{LIST}?status=submitted"


@pytest.fixture
def waiting(accepted: Callable[..., Case], rectifier: Hand, database: Database) -> list[Case]:
    """Three hazards that wait for a recheck, their after-photos ready to be seen, in the order of the list."""
    cases = [accepted() for _ in range(3)]
    for number, case in enumerate(cases):
        rectifier.submit(case.row, jpeg(80 + number))
    with database.transaction() as session:
        session.execute(update(Photo).values(state=PhotoState.READY))
    return sorted(cases, key=lambda case: (case.row.due_at, case.row.id))


def path(case: Case) -> str:
    return f"{LIST}/{case.row.id}"


def conclude(who: Hand, *drawn: tuple[Case, str], way: str = "by_photos", **fields: str) -> Answer:
    conclusions = {f"conclusion-{case.row.id}": f"{move}:{case.row.version}" for case, move in drawn}
    return who.desk.post(SHEET, {"way": way, **conclusions, **fields})


def look(who: Hand, *cases: Case) -> Answer:
    return who.desk.get(f"{SHEET}?ids={','.join(str(case.row.id) for case in cases)}").ok()


def statuses(cases: list[Case]) -> list[RectifyStatus]:
    return [case.row.status for case in cases]


# --- one after the other ----------------------------------------------------------------------------------------------


def test_after_a_move_comes_the_next_of_the_list_and_after_the_last_the_list(town: Hand, waiting: list[Case]) -> None:
    first, second, third = waiting
    goes = [
        town.desk.post(f"{path(case)}/close?status=submitted", {"version": str(case.row.version), "way": "on_site"})
        for case in (second, third)
    ]
    assert [answer.headers["Location"] for answer in goes] == [f"{path(third)}?status=submitted", WAITING]
    page = town.desk.get(f"{path(first)}?status=submitted").ok().text
    assert "1 / 1" in page
    assert "已销号：" in page
    note = town.desk.post(f"{path(first)}/note?status=submitted", {"version": "1", "note": "明天去看"})
    assert note.headers["Location"] == f"{path(first)}?status=submitted"


def test_the_page_leads_to_the_neighbours_in_the_list_it_was_opened_from(
    town: Hand, waiting: list[Case], database: Database
) -> None:
    """And says of what was drawn on that it is no original."""
    first, second, third = waiting
    with database.transaction() as session:
        drawn = update(Photo).where(Photo.submission_id == second.row.submission_id, Photo.batch_id.is_(None))
        session.execute(drawn.values(is_blurred=True))
    page = town.desk.get(f"{path(second)}?status=submitted").ok().text
    assert re.findall(r'aria-label="(整改.) \d/\d，([^"]+)"', page) == [("整改前", "发来的图"), ("整改后", "原图")]
    assert page.count("上报人已打码<") == 1
    assert "2 / 3" in page
    assert re.findall(rf'href="{LIST}/([0-9a-f-]+)\?status=submitted"', page) == [str(first.row.id), str(third.row.id)]


def test_each_move_has_one_button_a_key_of_its_own_and_one_panel(town: Hand, waiting: list[Case]) -> None:
    page = town.open(waiting[0].row.id).ok().text
    bar = page[page.index("data-bar") : page.index("</noscript>")]
    keys = dict(re.findall(r'data-panel="panel-(\w+)"\s+data-key="(\w)"', bar))
    assert keys == {"close": "a", "send_back": "d", "note": "n"}
    looks = re.findall(r'class="btn ([\w-]*)"\s+type="button"\s+data-panel', bar)
    assert len(set(looks)) == 3
    assert sorted(re.findall(r'id="panel-(\w+)"', page)) == sorted(keys)


def test_ready_replies_of_the_unions_above_are_offered_for_the_moves_of_a_rectification(
    town: Hand, waiting: list[Case], desk_of: Callable[[Someone], Desk], world: World
) -> None:
    city = desk_of(world.people.city_reviewer)
    fields = {
        "union_id": str(world.unions.city),
        "move": "send_back",
        "category": "",
        "title": "再拍",
        "text": "请再拍一张",
    }
    city.post("/console/templates", fields).ok()
    assert "退回继续整改" in city.get("/console/templates").text
    assert "请再拍一张" in town.open(waiting[0].row.id).text
    assert "请再拍一张" in look(town, waiting[0]).text
    assert city.post("/console/templates", {**fields, "move": "void"}).status == 422


# --- side by side -----------------------------------------------------------------------------------------------------


def test_picked_ones_stand_side_by_side_and_each_gets_its_own_conclusion(town: Hand, waiting: list[Case]) -> None:
    first, second, _ = waiting
    picked = [f"{case.row.id}:{case.row.version}" for case in waiting]
    goes = town.desk.post(f"{SHEET}/picked", {"picked": picked}).headers["Location"]
    page = town.desk.get(goes).ok().text
    assert page.count('class="card recheck"') == 3
    sent = {f"text-{second.row.id}": "护栏还缺一段", "text": "都看清了"}
    answer = conclude(town, (first, "close"), (second, "send_back"), **sent)
    assert answer.headers["Location"] == WAITING
    assert "已复查 2 条" in town.desk.get(WAITING).text
    assert statuses(waiting) == [RectifyStatus.CLOSED, RectifyStatus.ACCEPTED, RectifyStatus.SUBMITTED]
    assert (first.steps[-1].text, second.steps[-1].text) == ("都看清了", "护栏还缺一段")


def test_of_a_whole_list_the_first_are_put_side_by_side_and_the_rest_is_said(
    town: Hand, waiting: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.review.rectification.console.MOST", 2)
    shown = [f"{case.row.id}:{case.row.version}" for case in waiting]
    first_two = {str(case.row.id) for case in waiting[:2]}
    for chosen in ({"whole_list": "1"}, {"whole_page": "1", "shown": shown}):
        goes = town.desk.post(f"{SHEET}/picked?status=submitted", chosen).headers["Location"]
        assert set(goes.partition("ids=")[2].split(",")) == first_two
        assert "一次最多 2 条，这是排在最前面的" in town.desk.get(goes).ok().text
    refused = town.desk.post(f"{SHEET}/picked", {"picked": shown})
    assert refused.headers["Location"] == WAITING
    assert "一次最多处理 2 条，请少选几条" in town.desk.get(WAITING).ok().text


def test_nothing_is_concluded_on_what_was_not_looked_at_or_has_changed_since(
    town: Hand, rectifier: Hand, waiting: list[Case]
) -> None:
    first, second, third = waiting
    town.open(first.row.id).ok()
    assert conclude(town, (first, "close"), (second, "close")).status == 303
    assert "还没有看过它整改后的照片" in town.desk.get(WAITING).text
    assert statuses(waiting) == [RectifyStatus.CLOSED, RectifyStatus.SUBMITTED, RectifyStatus.SUBMITTED]
    look(town, third)
    seen = third.row.version
    town.move(third.row, "send_back", text="再来").ok()
    rectifier.submit(third.row, jpeg(99))
    drawn = {f"conclusion-{third.row.id}": f"close:{third.row.version}"}
    town.desk.post(SHEET, {"way": "by_photos", **drawn})
    assert (third.row.status, third.row.version > seen) == (RectifyStatus.SUBMITTED, True)
    town.desk.post(SHEET, {"way": "by_photos", f"conclusion-{third.row.id}": f"close:{seen}"})
    assert third.row.status is RectifyStatus.SUBMITTED, "what was seen was an earlier one"


def test_a_version_that_no_page_ever_showed_is_refused_and_nothing_breaks(town: Hand, waiting: list[Case]) -> None:
    look(town, *waiting)
    for version in ("9" * 25, str(2**63), "0", "-1", "abc"):
        drawn = {f"conclusion-{waiting[0].row.id}": f"close:{version}", "way": "by_photos"}
        assert town.desk.post(SHEET, drawn).status == 422
    assert set(statuses(waiting)) == {RectifyStatus.SUBMITTED}


def test_a_photo_that_cannot_be_seen_yet_was_not_looked_at(town: Hand, waiting: list[Case], database: Database) -> None:
    with database.transaction() as session:
        session.execute(update(Photo).values(state=PhotoState.RECEIVED))
    assert "disabled" in look(town, waiting[0]).text
    conclude(town, (waiting[0], "close"))
    assert waiting[0].row.status is RectifyStatus.SUBMITTED


def test_a_sheet_that_is_not_filled_in_comes_back_with_what_was_chosen_and_does_nothing(
    town: Hand, waiting: list[Case]
) -> None:
    first, second, _ = waiting
    where = f"{SHEET}?ids={first.row.id},{second.row.id}"
    town.desk.get(where).ok()
    drawn = {f"conclusion-{first.row.id}": f"close:{first.row.version}",
             f"conclusion-{second.row.id}": f"send_back:{second.row.version}"}  # fmt: skip
    answer = town.desk.post(where, {**drawn, "text": "通过的话"})
    assert answer.status == 422
    assert "请选怎么复查的" in answer.text
    assert "通过的话" in answer.text
    assert len(re.findall(r'value="(?:close|send_back):\d+"[^>]*checked', answer.text)) == 2
    assert statuses(waiting) == [RectifyStatus.SUBMITTED] * 3
    for broken in ({}, {"conclusion-x": "close:1"}, {f"conclusion-{first.row.id}": "drop:1"}):
        assert town.desk.post(where, {"way": "on_site", **broken}).status == 422


def test_whoever_may_not_recheck_gets_no_conclusion_through(
    town: Hand, rectifier: Hand, hand_of: Callable[[Someone], Hand], waiting: list[Case], world: World
) -> None:
    stranger = hand_of(world.people.other_town_reviewer)
    assert waiting[0].row.excerpt not in look(stranger, *waiting).text
    assert "请让别人复查" in look(rectifier, waiting[0]).text
    for who in (stranger, rectifier):
        conclude(who, (waiting[0], "close"))
    assert statuses(waiting) == [RectifyStatus.SUBMITTED] * 3
    too_many = [f"{UUID(int=number)}:1" for number in range(21)]
    assert "ids=" not in town.desk.post(f"{SHEET}/picked", {"picked": too_many}).headers["Location"]


def test_side_by_side_with_nothing_ticked_is_said_on_the_list(town: Hand) -> None:
    answer = town.desk.post("/console/rectifications/rechecks/picked", {})
    assert (answer.status, answer.headers["Location"]) == (303, "/console/rectifications?status=submitted")
    assert "选" in town.desk.get(answer.headers["Location"]).ok().text.partition("toast-line")[2][:200]
