"""The draw of whom to visit: promised before the number is known, recomputed from one file, shown, called off."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import clock
from server.core.db import Database
from server.core.errors import AppError
from server.kit.workflow import perform
from server.oversight.supervision.drawing.steps import SUPERVISION_DRAWS
from server.oversight.supervision.models import Draw, DrawMove, DrawStatus, Plan, PlanMove, PlanStatus, PlanUnit
from server.oversight.supervision.schemas import DropIn
from server.oversight.supervision.units.choosing import drop_unit
from server.oversight.supervision.workflow import PLANS
from server.oversight.visits.models import Visit, VisitMember
from server.unions.actor import Actor
from server.unions.roles import Level, Role
from tests.integration.supervision.planning import draft, publish, send, units_of, version_on
from tests.support.callers import Answer, Desk, InProcess
from tests.support.examples import examples
from tests.support.sources import ROOT
from tests.support.tasks import actor_at
from tests.support.world import Someone, World, give_role, make_union

DeskOf = Callable[[Someone], Desk]
TERMS = {"strata_by": "risk", "reserves": "2", "inspectors_each": "2", "unvisited_months": "24",
         "source": "上证指数2026年12月9日收盘点位", "value_form": "index", "due_on": "2026-12-09"}  # fmt: skip
QUOTAS = {"化工": "1", "高危行业": "1", "其他": "3"}


@pytest.fixture
def anybody(app: Flask) -> Desk:
    """Somebody who never signed in."""
    return Desk(InProcess(app))


@pytest.fixture
def enterprises(database: Database, world: World) -> list[str]:
    """Ten more: two chemical ones, two of high risk."""
    with database.transaction() as session:
        return [
            str(make_union(session, Level.ENTERPRISE, f"企业{at}", world.unions.hillside, is_chemical=at < 2,
                           is_high_risk=at in (2, 3)).id)
            for at in range(10)
        ]  # fmt: skip


def prepared(desk: Desk, world: World, **changes: str) -> tuple[str, str]:
    """A published plan with four inspectors, and a draw of it that is being prepared."""
    plan = draft(desk, mode=changes.pop("mode", "random"))
    for who in (world.people.city_reviewer, world.people.district_reviewer, world.people.town_reviewer):
        assert send(desk, f"{plan}/teams/members/add", person=str(who.id)).status == 303
    assert send(desk, f"{plan}/teams/members/add", words="化工专家", duty="expert").status == 303
    assert publish(desk, plan).status == 303
    answer = send(desk, f"{plan}/draws", **{**TERMS, **changes})
    assert answer.status == 303, re.findall(r"field-error[^>]*>.*?</div>", answer.text, re.DOTALL)
    return plan, answer.headers["Location"]


def set_quotas(desk: Desk, draw: str, **quotas: str) -> Answer:
    fields = {
        "version": version_on(desk, draw), "due_on": TERMS["due_on"], "stratum": list(quotas),
        "count": list(quotas.values()),
    }  # fmt: skip
    return desk.post(f"{draw}/terms", fields)


def frozen(desk: Desk, world: World, **changes: str) -> tuple[str, str]:
    plan, draw = prepared(desk, world, **changes)
    assert set_quotas(desk, draw, **QUOTAS).status == 303
    done = send(desk, f"{draw}/move/freeze", version=version_on(desk, draw))
    assert done.status == 303, done.text
    return plan, draw


def enter(desk: Desk, draw: str, value: str = "3312.45") -> Answer:
    return send(desk, f"{draw}/move/enter_value", version=version_on(desk, draw), value=value)


def confirm(desk: Desk, draw: str, value: str = "3312.45") -> Answer:
    return send(desk, f"{draw}/move/draw", version=version_on(desk, draw), value=value)


def hold(first: Desk, second: Desk, draw: str) -> None:
    assert enter(first, draw).status == 303
    assert confirm(second, draw).status == 303


@pytest.fixture
def colleague(database: Database, world: World) -> Someone:
    """A second reviewer of the city."""
    with database.transaction() as session:
        give_role(session, world.people.other_town_reviewer, Role.CITY_REVIEWER, world.unions.city)
    return world.people.other_town_reviewer


def file_of(desk: Desk, draw: str) -> Any:
    return desk.get(f"{draw}/file.json").ok().json


def verify(tmp_path: Path, file: Any, *options: str) -> "subprocess.CompletedProcess[str]":
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(file), encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(ROOT / "scripts" / "verify_draw"), str(path), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8"})


@pytest.mark.slow("the whole way, and the script as a process of its own")
def test_a_draw_from_promise_to_visits(
    desk_of: DeskOf, world: World, enterprises: list[str], database: Database, time_machine: Any, tmp_path: Path,
    anybody: Desk, colleague: Someone,
) -> None:  # fmt: skip
    city = desk_of(world.people.city_reviewer)
    plan, draw = prepared(city, world)
    out = {"union": enterprises[9], "kind": "excluded", "reason": "2026年10月停产"}
    assert send(city, f"{draw}/notes", **out).status == 303
    assert send(city, f"{draw}/notes", union=enterprises[8], kind="accident", reason="去年死亡一人").status == 303
    assert set_quotas(city, draw, **{**QUOTAS, "化工": "3"}).status == 303
    page = city.get(draw).ok().text
    assert "“化工”要抽 3 家，只有 2 家可以抽" in page
    assert send(city, f"{draw}/move/freeze", version=version_on(city, draw)).status == 422
    assert set_quotas(city, draw, **QUOTAS).status == 303
    assert send(city, f"{draw}/move/freeze", version=version_on(city, draw)).status == 303

    promise = file_of(city, draw)
    assert "seed" not in promise
    assert verify(tmp_path, promise, "--frame-hash", promise["frame_hash"]).returncode == 3
    weights = {unit["name"]: (unit["stratum"], unit["weight"]) for unit in promise["frame"]["units"]}
    assert weights["企业0"] == ("化工", 300)  # chemical, never visited
    assert weights["企业8"] == ("其他", 300)  # an accident, never visited
    assert promise["frame"]["excluded"] == [{"id": enterprises[9], "name": "企业9", "reason": "2026年10月停产"}]
    assert world.people.district_reviewer.name not in json.dumps(promise, ensure_ascii=False)
    shown = anybody.get(f"/supervision/draws/{draw.rpartition('/')[2]}")
    assert (shown.status, promise["frame_hash"] in shown.text, "企业0" in shown.text) == (200, True, False)
    assert anybody.get(f"/supervision/draws/{draw.rpartition('/')[2]}/file").status == 404

    assert enter(city, draw).status == 409  # the day has not come
    assert set_quotas(city, draw, **QUOTAS).status == 409
    assert send(city, f"{draw}/notes", **out).status == 409
    time_machine.move_to("2026-12-09T08:00Z")
    city = desk_of(world.people.city_reviewer)
    assert "1 次督导抽取等录公开数值" in city.get("/console/").text
    assert enter(city, draw, "3312.4").status == 422
    # One that is drawn was named by hand meanwhile: it is one enterprise of the plan, not two.
    assert send(city, f"{plan}/units", enterprise=enterprises[0], reason="举报").status == 303
    assert send(city, f"{plan}/units", enterprise=enterprises[1], reason="举报").status == 303
    other = desk_of(colleague)
    assert confirm(city, draw).status == 409  # nothing to confirm
    assert enter(city, draw, "3312.54").status == 303
    assert "等您核对公开数值" not in city.get("/console/").text
    assert "1 次督导抽取等您核对公开数值" in other.get("/console/").text
    assert ("3312.54" in city.get(draw).text, "3312.54" in other.get(draw).text) == (True, False)
    assert "public_value" not in file_of(other, draw)
    alone = confirm(city, draw, "3312.54")
    assert (alone.status, "公开数值是您录入的" in alone.text) == (403, True)
    differs = confirm(other, draw)
    assert (differs.status, "和录入的不一样" in differs.text) == (422, True)
    assert send(other, f"{draw}/move/reject_value", version=version_on(other, draw)).status == 303
    hold(city, other, draw)
    result = file_of(city, draw)
    done = verify(tmp_path, result, "--frame-hash", promise["frame_hash"])
    assert (done.returncode, "全部正确" in done.stdout) == (0, True), done.stdout + done.stderr
    assert [place["is_reserve"] for place in result["places"]].count(False) == 5
    named = next(each for each in units_of(city, plan, "waiting") if "指定" in city.get(each).text)
    assert len(units_of(city, plan, "waiting")) == 6
    assert send(city, f"{named}/drop", reason="没有抽中").status == 303
    assert send(city, f"{plan}/units/open").status == 303
    with database.reading() as session:
        visits = session.scalars(select(Visit)).all()
        drawn = {place["unit"] for place in result["places"] if not place["is_reserve"]}
        assert {str(visit.enterprise_id) for visit in visits} == drawn
        assert len(session.scalars(select(VisitMember)).all()) == 10
    assert send(city, f"{draw}/move/ask_cancel", version=version_on(city, draw), reason="换一批").status == 409
    assert send(city, f"{draw}/move/publish", version=version_on(city, draw)).status == 303
    public = anybody.get(f"/supervision/draws/{draw.rpartition('/')[2]}/file")
    assert public.ok().json["places"] == result["places"]
    names = {unit["id"]: unit["name"] for unit in result["frame"]["units"]}
    assert names[result["places"][0]["unit"]] in anybody.get(f"/supervision/draws/{draw.rpartition('/')[2]}").text


def test_reserves_stand_in_with_a_reason_and_the_file_tells(
    desk_of: DeskOf, world: World, enterprises: list[str], time_machine: Any, tmp_path: Path, colleague: Someone,
    database: Database,
) -> None:  # fmt: skip
    city = desk_of(world.people.city_reviewer)
    plan, draw = frozen(city, world)
    members = set(re.findall(r"/teams/members/([0-9a-f-]{36})/remove", city.get(f"{plan}/teams").ok().text))
    gone = [send(city, f"{plan}/teams/members/{each}/remove", reason="不去了") for each in members]
    assert [each.status for each in gone] == [409] * 4, "whom the promised list names can still be drawn"
    assert all("已经定下的抽取名单" in each.text for each in gone)
    time_machine.move_to("2026-12-09T08:00Z")
    city = desk_of(world.people.city_reviewer)
    hold(city, desk_of(colleague), draw)
    file = file_of(city, draw)
    others = [place["unit"] for place in file["places"] if place["stratum"] == "其他"]
    unit = next(each for each in units_of(city, plan) if _is(city, each, file, others[0]))
    assert send(city, f"{unit}/drop", reason="不想去").status == 409  # it is replaced
    assert send(city, f"{unit}/replace").status == 422
    first = send(city, f"{unit}/replace", reason="已经停产").headers["Location"]
    assert send(city, unit + "/replace", reason="再换").status == 409
    second = send(city, f"{first}/replace", reason="搬走了").headers["Location"]
    assert send(city, f"{second}/replace", reason="还要换").status == 409  # nobody is left
    assert send(city, f"{second}/drop", reason="没有备用的了").status == 303
    assert send(city, f"{plan}/units/open").status == 303
    with database.reading() as session:
        visits = session.scalars(select(Visit.id)).all()
    assert len(visits) == 4
    cancelled = [
        send(
            city, f"/console/visits/{each}/cancel", version=version_on(city, f"/console/visits/{each}"), reason="换一批"
        )
        for each in visits
    ]
    assert [each.status for each in cancelled] == [303, 303, 303, 409], (
        "one by one, it would be thrown away all the same"
    )
    assert "只剩这一家" in cancelled[-1].text
    told = file_of(city, draw)
    assert [(each["unit"], each["by"], each["reason"]) for each in told["replacements"]] == [
        (others[0], others[3], "已经停产"), (others[3], others[4], "搬走了"),
    ]  # fmt: skip
    assert verify(tmp_path, told).returncode == 0


def _is(desk: Desk, unit: str, file: Any, enterprise: str) -> bool:
    names = {each["id"]: each["name"] for each in file["frame"]["units"]}
    return f"<h1>{names[enterprise]}" in re.sub(r"\s*(<h1[^>]*>)\s*", "<h1>", desk.get(unit).text)


def test_inspectors_are_recused_and_too_few_are_told(
    desk_of: DeskOf, world: World, enterprises: list[str], database: Database
) -> None:
    city = desk_of(world.people.city_reviewer)
    _, draw = prepared(city, world, inspectors_each="4")
    assert set_quotas(city, draw, **QUOTAS).status == 303
    members = re.findall(r'<option value="([0-9a-f-]{36})">', city.get(draw).text.split('id="recusal-member"')[1])[:4]
    away = {"member": members[0], "union": enterprises[0], "reason": "原来在这里工作"}
    assert send(city, f"{draw}/recusals", **away).status == 303
    assert "能去“企业0”的检查人员不到 4 名" in city.get(draw).text
    assert send(city, f"{draw}/move/freeze", version=version_on(city, draw)).status == 422


def _not_cancelled_with_its_plan(desk: Desk, plan: str, why: str) -> None:
    refused = send(desk, f"{plan}/move/cancel", version=version_on(desk, f"{plan}/edit"), reason="算了")
    assert (refused.status, why in refused.text) == (409, True)


def test_a_draw_is_called_off_by_two_once_its_value_is_out_and_stays_on_the_page(
    desk_of: DeskOf, world: World, enterprises: list[str], time_machine: Any, anybody: Desk, tmp_path: Path,
    colleague: Someone,
) -> None:  # fmt: skip
    city = desk_of(world.people.city_reviewer)
    plan, draw = frozen(city, world, mode="unannounced")
    _not_cancelled_with_its_plan(city, plan, "抽取的名单已经公布")
    assert f"{plan}/move/" not in city.get(plan).text
    time_machine.move_to("2026-12-09T08:00Z")
    city = desk_of(world.people.city_reviewer)
    other = desk_of(colleague)
    assert enter(city, draw).status == 303
    _not_cancelled_with_its_plan(city, plan, "抽取的名单已经公布")
    assert confirm(other, draw).status == 303
    _not_cancelled_with_its_plan(city, plan, "不能一个人取消计划")
    # Nobody is warned of a visit without notice.
    assert send(city, f"{draw}/move/publish", version=version_on(city, draw)).status == 409
    waiting = units_of(city, plan, "waiting")
    dropped = [send(city, f"{each}/replace", reason="不想去").status for each in [*waiting, *waiting]]
    assert 303 in dropped
    left = [send(city, f"{each}/drop", reason="不想去").status for each in units_of(city, plan, "waiting")]
    assert (left[-1], left.count(409)) == (409, 1)  # one by one, it would be thrown away all the same
    alone = send(city, f"{draw}/move/cancel", version=version_on(city, draw), reason="换一批")
    assert (alone.status, "没有人申请作废" in alone.text) == (409, True)
    assert send(city, f"{draw}/move/ask_cancel", version=version_on(city, draw)).status == 422
    assert send(city, f"{draw}/move/ask_cancel", version=version_on(city, draw), reason="换一批").status == 303
    assert send(city, f"{draw}/move/ask_cancel", version=version_on(city, draw), reason="再来").status == 409
    assert "申请作废，等您来定" not in city.get("/console/").text
    assert "1 次督导抽取申请作废，等您来定" in other.get("/console/").text
    assert send(other, f"{draw}/move/keep", version=version_on(other, draw)).status == 303
    assert send(city, f"{draw}/move/ask_cancel", version=version_on(city, draw), reason="数值录错").status == 303
    for move, said in (("keep", {}), ("cancel", {"reason": "自己定"})):
        refused = send(city, f"{draw}/move/{move}", version=version_on(city, draw), **said)
        assert (refused.status, "是您申请作废的" in refused.text) == (403, True), move
    assert send(other, f"{draw}/move/cancel", version=version_on(other, draw), reason="核对过，录错一位").status == 303
    public = f"/supervision/draws/{draw.rpartition('/')[2]}"
    for page in (city.get(draw), anybody.get(public)):
        assert all(words in page.ok().text for words in ("申请作废：数值录错", "同意作废：核对过，录错一位"))
    assert anybody.get(f"{public}/file").status == 404  # not before the plan is over
    assert file_of(city, draw)["cancelled"]["why"] == "核对过，录错一位"
    assert verify(tmp_path, file_of(city, draw)).returncode == 0  # what it gave stays
    assert units_of(city, plan, "waiting") == []
    assert "已作废" in city.get(plan).text
    assert len(units_of(city, plan, "dropped")) == len(units_of(city, plan))
    again = send(city, f"{plan}/draws", **{**TERMS, "due_on": "2026-12-12"}).headers["Location"]
    assert "13 家参加，0 家不参加" in city.get(again).text  # those that had been drawn, too


@pytest.mark.slow("some sequences of moves, each undone")
def test_no_sequence_of_moves_lets_one_person_draw_or_throw_a_result_away(
    desk_of: DeskOf, world: World, enterprises: list[str], database: Database, colleague: Someone, time_machine: Any
) -> None:
    plan, address = frozen(desk_of(world.people.city_reviewer), world)
    plan_id, draw_id = (UUID(each.rpartition("/")[2]) for each in (plan, address))
    time_machine.move_to("2026-12-09T08:00Z")
    now, city = clock.now(), world.unions.city
    actors = [
        actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, city),
        actor_at(database, colleague.id, Role.CITY_REVIEWER, city),
        actor_at(database, world.people.district_reviewer.id, Role.DISTRICT_REVIEWER, world.unions.south),
    ]
    form = {"value": "3312.45", "reason": "换一批"}

    def attempt(session: Session, actor: Actor, move: str) -> None:
        draw, held = session.get_one(Draw, draw_id), session.get_one(Plan, plan_id)
        with suppress(AppError):
            if move == "cancel_plan":
                said = SimpleNamespace(**form, version=held.version)
                perform(PLANS, session, plan_id, PlanMove.CANCEL, actor=actor, now=now, form=said)
            elif move == "drop_all":
                waiting = select(PlanUnit.id).where(PlanUnit.draw_id == draw_id, PlanUnit.dropped_at.is_(None))
                for unit_id in session.scalars(waiting).all():
                    drop_unit(session, unit_id, DropIn(reason="不想去"), actor=actor, now=now)
            else:
                said = SimpleNamespace(**form, version=draw.version)
                perform(SUPERVISION_DRAWS, session, draw_id, DrawMove(move), actor=actor, now=now, form=said)

    moves = [
        "enter_value",
        "reject_value",
        "draw",
        "ask_cancel",
        "keep",
        "cancel",
        "publish",
        "cancel_plan",
        "drop_all",
    ]

    @settings(max_examples=examples(10, full=100), deadline=None, derandomize=True)
    @example(
        [
            (0, "enter_value"),
            (0, "draw"),
            (1, "draw"),
            (0, "cancel_plan"),
            (1, "drop_all"),
            (0, "cancel"),
            (0, "ask_cancel"),
            (0, "cancel"),
            (1, "keep"),
            (2, "cancel"),
            (1, "ask_cancel"),
            (0, "cancel"),
        ]
    )
    @example(
        [(1, "enter_value"), (1, "ask_cancel"), (0, "reject_value"), (0, "enter_value"), (1, "cancel"), (0, "draw")]
    )
    @given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(moves)), min_size=4, max_size=14))
    def check(steps: list[tuple[int, str]]) -> None:
        with database.write_session() as session:
            for who, move in steps:
                actor, before = actors[who], session.get_one(Draw, draw_id).status
                attempt(session, actor, move)
                draw = session.get_one(Draw, draw_id)
                assert who < 2 or draw.status is before, "a union below decides nothing"
                if draw.drawn_at is not None:
                    assert draw.entered_by_id not in (None, draw.drawn_by_id)
                if draw.status is DrawStatus.CANCELLED and before is not DrawStatus.CANCELLED:
                    assert draw.cancel_asked_by_id not in (None, actor.person_id)
                if draw.status in (DrawStatus.DRAWN, DrawStatus.PUBLISHED):
                    assert session.get_one(Plan, plan_id).status is not PlanStatus.CANCELLED
                    going = select(PlanUnit.id).where(PlanUnit.draw_id == draw_id, PlanUnit.dropped_at.is_(None))
                    assert session.scalars(going).first() is not None
            session.rollback()

    check()


@pytest.mark.parametrize(
    "changes",
    [{"due_on": ""}, {"value_form": "dice"}, {"source": "x"}, {"reserves": "-1"}, {"inspectors_each": "99"}],
    ids=lambda changes: next(iter(changes)),
)
def test_wrong_terms_come_back_as_they_were_typed(desk_of: DeskOf, world: World, changes: dict[str, str]) -> None:
    city = desk_of(world.people.city_reviewer)
    plan = draft(city)
    answer = send(city, f"{plan}/draws", **{**TERMS, **changes})
    assert answer.status == 422
    assert changes.get("source", TERMS["source"]) in answer.text


def test_nobody_draws_for_another_union_or_too_late(
    desk_of: DeskOf, world: World, enterprises: list[str], time_machine: Any
) -> None:
    city, other = desk_of(world.people.city_reviewer), desk_of(world.people.other_district_reviewer)
    _, draw = prepared(city, world)
    assert set_quotas(city, draw, **QUOTAS).status == 303
    for path in (draw, f"{draw}/file.json"):
        assert other.get(path).status == 404
    assert send(other, f"{draw}/move/freeze", version="1").status == 404
    assert desk_of(world.people.enterprise_reviewer).get(draw).status == 403
    time_machine.move_to("2026-12-09T08:00Z")  # the number may be known by now
    city = desk_of(world.people.city_reviewer)
    late = send(city, f"{draw}/move/freeze", version=version_on(city, draw))
    assert (late.status, "名单要先定下来" in late.text) == (409, True)
