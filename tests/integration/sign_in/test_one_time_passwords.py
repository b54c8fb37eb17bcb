"""One-time passwords are good for some days only, however somebody came by theirs."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from server.core import clock
from tests.integration.unions.test_imports import _codes as _codes
from tests.integration.unions.test_imports import commit_path, upload_people
from tests.support.callers import Answer, Desk, InProcess
from tests.support.world import Someone, World

pytestmark = pytest.mark.settings(one_time_password_days=3)
Opens = Callable[[Someone], Desk]
OWN_PASSWORD = "an0ther-good-one"


def try_password(app: Flask, username: str, password: str) -> Answer:
    return Desk(InProcess(app)).post("/console/sign-in", {"username": username, "password": password})


def given(answer: Answer) -> str:
    found = re.search(r"<code[^>]*>([^<]+)</code>", answer.ok().text)
    assert found is not None
    return html.unescape(found[1])


def made_anew(desk: Desk, world: World) -> tuple[str, str]:
    fields = {"name": "新审核员", "username": "newone", "phone": "", "role": "town_reviewer"}
    return "newone", given(desk.post("/console/people/new", fields | {"union_id": str(world.unions.seaside)}))


def opened(desk: Desk, world: World) -> tuple[str, str]:
    path = f"/console/people/{world.people.worker.id}/account"
    return "worker-1", given(desk.post(path, {"username": "worker-1"}))


def reset(desk: Desk, world: World) -> tuple[str, str]:
    return "seaside", given(desk.post(f"/console/people/{world.people.town_reviewer.id}/password"))


def imported(desk: Desk, world: World) -> tuple[str, str]:
    row = ["审核员乙", 13800000002, None, "镇街工会审核员", "SEASIDE", "reviewer-b"]
    return "reviewer-b", given(desk.post(commit_path(upload_people(desk, row))))


@pytest.mark.parametrize("give", [made_anew, opened, reset, imported])
def test_a_one_time_password_that_ran_out_is_answered_like_a_wrong_one(
    desk_of: Opens, world: World, app: Flask, give: Callable[[Desk, World], tuple[str, str]]
) -> None:
    username, password = give(desk_of(world.people.admin), world)
    with time_machine.travel(clock.now() + timedelta(days=2, hours=23)):
        assert try_password(app, username, password).headers["Location"] == "/console/sign-in/new-password"
    with time_machine.travel(clock.now() + timedelta(days=3, minutes=1)):
        late, wrong = try_password(app, username, password), try_password(app, username, "wrong-password")
    assert (late.status, wrong.status) == (401, 401)
    for answer in (late, wrong):
        assert "登录名或密码不对，请核对后再试。一次性密码过了有效期也不能用，请联系管理员重置。" in answer.text


def test_a_password_of_ones_own_does_not_run_out(desk_of: Opens, world: World, app: Flask) -> None:
    username, password = reset(desk_of(world.people.admin), world)
    fresh = Desk(InProcess(app))
    fresh.post("/console/sign-in", {"username": username, "password": password})
    own = {"password": OWN_PASSWORD, "again": OWN_PASSWORD}
    assert fresh.post("/console/sign-in/new-password", own).status == 303
    with time_machine.travel(clock.now() + timedelta(days=300)):
        assert try_password(app, username, OWN_PASSWORD).status == 303


def test_who_resets_is_told_until_when_and_what_has_run_out(desk_of: Opens, world: World, app: Flask) -> None:
    path = f"/console/people/{world.people.town_reviewer.id}"
    assert "有效期到" in desk_of(world.people.admin).post(f"{path}/password").ok().text
    assert "以前有效" in desk_of(world.people.admin).get(path).ok().text
    with time_machine.travel(clock.now() + timedelta(days=4)):
        assert "已经过期" in desk_of(world.people.admin).get(path).ok().text
