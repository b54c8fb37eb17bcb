"""A machine's proposal to a reviewer: off unless wanted, never with whom it came from, taken by a click, deciding
nothing; what was proposed and decided is kept."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from server.core import ids
from server.core.db import Database
from server.review.proposals.asking.wording import read_proposal, words_of
from server.unions.people.models import Person
from server.vision import chat_completions
from tests.integration.proposals.looking import SETTINGS
from tests.simulators.vision.server import Model
from tests.support import images
from tests.support.callers import Answer, Desk, Phone, hazard
from tests.support.world import Someone, World

REPLY = "谢谢您。通道堵了人出不去，建议企业今天就清开。"
SAID = json.dumps({"grade": 2, "reply": REPLY})
TELEPHONE = "13800138000"
on = pytest.mark.settings(**SETTINGS, vision_for_review=True)
told = pytest.mark.usefixtures("told")
Run = Callable[..., int]
Open = Callable[[Someone], Desk]


@pytest.fixture
def asked(model: Model, desk_of: Open, run_jobs: Run, world: World) -> Callable[[UUID], str]:
    """Ask for a proposal as the town does; what the page shows when the machine has answered."""
    model.says = SAID
    desk = desk_of(world.people.town_reviewer)

    def ask(hazard: UUID) -> str:
        waiting = ask_for(desk, hazard).ok().text
        assert 'hx-trigger="every 2s"' in waiting
        run_jobs()
        return desk.get(f"/console/submissions/{hazard}/proposal").ok().text

    return ask


def ask_for(desk: Desk, hazard: UUID) -> Answer:
    return desk.post(f"/console/submissions/{hazard}/proposal", headers={"HX-Request": "true"})


def proposal_in(text: str) -> str:
    return text.partition('name="proposal" value="')[2][:36]


@on
@told
def test_it_goes_out_without_whom_it_came_from_is_taken_by_a_click_and_decides_nothing(
    phone: Phone, model: Model, asked: Callable[[UUID], str], desk_of: Open, run_jobs: Run, world: World,
    database: Database,
) -> None:  # fmt: skip
    with database.transaction() as session:
        session.get_one(Person, world.people.worker.id).phone = TELEPHONE
    hazard = phone.report(
        images.jpeg(2, orientation=6, size=(1600, 1200)), enterprise_id=world.unions.shipyard,
        description="我是赵工，电话138 0013 8000。蓝海船舶修造三号车间东门通道堵了，赵师傅绊倒过，车牌鲁B12345",
    )  # fmt: skip
    run_jobs()
    desk = desk_of(world.people.town_reviewer)
    page = desk.get(f"/console/submissions/{hazard}").ok().text
    number = page.partition('title="编号">')[2].partition("<")[0]
    unions = [str(each) for each in vars(world.unions).values()]
    model.secrets = (
        "赵工", "赵师傅", "138", "蓝海", "八大湖", "市南", "青岛", "三号车间东门", "B12345", "匿名", number,
        str(hazard), str(world.people.worker.id), *unions,
    )  # fmt: skip
    text = asked(hazard)
    assert "绊倒过" in model.asked[-1]
    assert "image_url" in model.asked[-1]
    for said in ("建议，由机器拟，请自己核对", "较大", REPLY, 'data-set-grade="2"', f'data-set-reply="{REPLY}"'):
        assert said in text
    taking = f"/console/submissions/{hazard}/proposal/taking"
    assert "已填进表单，还没有提交" in desk.post(taking, {"proposal": proposal_in(text)}).ok().text
    assert desk.post(taking, {"proposal": str(hazard)}).status == 409
    assert phone.get(f"/api/v1/submissions/{hazard}").json["status"] == "queued"
    fields = {"version": page.partition('name="version" value="')[2].partition('"')[0], "grade": "3", "reply": REPLY}
    assert desk.post(f"/console/submissions/{hazard}/accept", fields).status == 303
    run_jobs()
    listed = desk.get("/console/proposals?status=other").ok().text
    for said in (REPLY, "填进过表单", "一般", "照用"):
        assert said in listed
    assert number not in desk.get("/console/proposals?status=same").ok().text
    assert world.people.town_reviewer.name not in listed.partition("<main")[2]  # about the machine, not about people
    assert desk.get("/console/proposals/ledger.xlsx").ok().body[:2] == b"PK"
    assert number not in desk_of(world.people.other_town_reviewer).get("/console/proposals").ok().text
    log = desk_of(world.people.city_reviewer).get("/console/audit").ok().text
    assert "请机器拟等级和答复" in log
    assert "把机器拟的填进表单" in log


@on
@told
def test_a_picture_on_which_the_place_is_written_does_not_go_out(
    phone: Phone, model: Model, asked: Callable[[UUID], str], run_jobs: Run, world: World
) -> None:
    stamped, report = images.jpeg(5), ids.new_id()
    photos = [{**stamped.manifest, "edits": ["stamp"]}]
    phone.declare(report, hazard(enterprise_id=world.unions.shipyard) | {"photos": photos}).ok()
    phone.upload(report, stamped, 0).ok()
    run_jobs()
    assert REPLY in asked(report)
    assert "image_url" not in model.asked[-1]


@on
@told
def test_of_whom_nothing_may_go_out_no_proposal_is_made(
    phone: Phone, phone_of: Callable[[Someone], Phone], model: Model, desk_of: Open, run_jobs: Run, world: World
) -> None:
    shipyard = world.unions.shipyard
    desk = desk_of(world.people.town_reviewer)
    anonymous = phone.report(enterprise_id=shipyard, is_anonymous=True)
    withdrawn, late = (phone.report(images.jpeg(seed), enterprise_id=shipyard) for seed in (3, 4))
    run_jobs()
    assert "匿名上报的不发给机器" in desk.get(f"/console/submissions/{anonymous}").ok().text
    assert ask_for(desk, anonymous).status == 409
    ask_for(desk, late).ok()
    phone.delete("/api/v1/me/consent").ok()  # before the machine is asked
    assert ask_for(desk, withdrawn).status == 409
    run_jobs()
    assert "请自己定" in desk.get(f"/console/submissions/{late}/proposal").ok().text
    assert ask_for(desk_of(world.people.other_town_reviewer), late).status == 404
    assert ask_for(desk_of(world.people.admin), late).status == 403
    assert model.asked == []


@on
@told
def test_a_machine_in_trouble_is_said_in_words_and_may_be_asked_again(
    phone: Phone, model: Model, asked: Callable[[UUID], str], monkeypatch: pytest.MonkeyPatch, world: World,
    run_jobs: Run,
) -> None:  # fmt: skip
    monkeypatch.setattr(chat_completions, "TOTAL_SECONDS", 0.3)
    hazard = phone.report(enterprise_id=world.unions.shipyard)
    run_jobs()
    troubles: list[tuple[str, dict[str, Any]]] = [
        ("没有答复", {"status": 500}), ("没有答复", {"pause": 0.05}), ("看不出", {"says": "{}"}),
        ("看不出", {"says": "不知道"}),
    ]  # fmt: skip
    for words, trouble in troubles:
        vars(model).update({"status": 200, "pause": 0.0, "says": SAID} | trouble)
        text = asked(hazard)
        assert words in text
        assert "再请一次" in text
    vars(model).update(status=200, pause=0.0, says=SAID)
    assert REPLY in asked(hazard)


@pytest.mark.settings(**SETTINGS)
@told
def test_it_has_a_switch_of_its_own(phone: Phone, model: Model, desk_of: Open, run_jobs: Run, world: World) -> None:
    hazard = phone.report(enterprise_id=world.unions.shipyard)
    run_jobs()
    desk = desk_of(world.people.town_reviewer)
    assert "机器拟的" not in desk.get(f"/console/submissions/{hazard}").ok().text
    assert ask_for(desk, hazard).status == 404
    assert model.asked == []


SAYINGS: dict[str, tuple[dict[str, Any], tuple[int | None, str]]] = {
    "whole": ({"grade": 2, "reply": REPLY}, (2, REPLY)),
    "no such grade": ({"grade": 9, "reply": REPLY}, (None, REPLY)),
    "an order": ({"grade": 2, "reply": "责令企业停工整改"}, (2, "")),
    "a telephone": ({"grade": 2, "reply": "请打13800138000"}, (2, "")),
    "other types": ({"grade": "2", "reply": ["x"]}, (None, "")),
}


def test_of_an_answer_only_a_grade_that_exists_and_a_reply_that_orders_nothing_are_taken() -> None:
    for name, (said, expected) in SAYINGS.items():
        proposed = read_proposal(f"好的：```{json.dumps(said)}```", {1, 2, 3, 4})
        assert (proposed.grade, proposed.reply) == expected, name


def test_what_goes_out_has_no_name_number_or_unit_in_it() -> None:
    struck = words_of("火灾", "赵工说二号楼漏电，蓝海的人13800138000", name="赵工", places=("蓝海有限公司", "二号楼"))
    assert struck == "类别：火灾\n说明：××说××漏电，××的人××"
    assert words_of("火灾", "王哥看见了", name=None, places=()) == "类别：火灾\n说明：王哥看见了"
