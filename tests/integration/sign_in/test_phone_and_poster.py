"""The phone number by WeChat's button, and posters that invite to an enterprise."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.core.settings import Settings
from server.unions.phones.actions import admit_phone_user
from server.unions.phones.models import PhoneIdentity
from server.unions.posters.models import Poster
from tests.simulators.wechat.state import Fault, State
from tests.support.backends import run_jobs
from tests.support.callers import Desk, InProcess, Phone
from tests.support.world import Someone, World

NUMBER = "13800138000"


@pytest.fixture
def worker(wechat_app: Flask, world: World) -> Phone:
    return Phone(InProcess(wechat_app)).sign_in(world.people.worker.code or "")


def test_the_button_gives_the_number_and_it_signs_in_from_then_on(
    worker: Phone, wechat: State, wechat_app: Flask, world: World
) -> None:
    me = worker.post("/api/v1/me/phone", {"code": wechat.new_code("phone", "o-1", NUMBER)}).ok().json
    assert me["phone"] == "138****8000"
    with wechat_app.extensions["database"].reading() as session:
        assert session.scalars(select(PhoneIdentity.person_id)).all() == [world.people.worker.id]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "person.phone_proved")).one()
    assert entry.detail == {"by": "wechat", "signs_in": True}


def test_a_number_that_signs_somebody_else_in_stays_theirs(worker: Phone, wechat: State, wechat_app: Flask) -> None:
    with wechat_app.extensions["database"].transaction() as session:
        other = admit_phone_user(session, NUMBER, now=clock.now()).id
    worker.post("/api/v1/me/phone", {"code": wechat.new_code("phone", "o-1", NUMBER)}).ok()
    with wechat_app.extensions["database"].reading() as session:
        assert session.scalars(select(PhoneIdentity.person_id)).all() == [other]


def test_a_code_of_the_button_is_good_once(worker: Phone, wechat: State) -> None:
    code = wechat.new_code("phone", "o-1", NUMBER)
    worker.post("/api/v1/me/phone", {"code": code}).ok()
    assert worker.post("/api/v1/me/phone", {"code": code}).code == "wechat_code_invalid"


@pytest.mark.parametrize("code", ["", "x" * 201, "ü", None])
def test_what_is_no_code_is_refused(worker: Phone, code: Any) -> None:
    assert worker.post("/api/v1/me/phone", {"code": code}).status == 422


def test_without_a_mini_program_one_types_the_number(phone: Phone) -> None:
    assert phone.post("/api/v1/me/phone", {"code": "x"}).code == "wechat_not_configured"


def test_an_invite_code_shows_whom_it_is_for(phone: Phone, world: World) -> None:
    assert phone.get("/api/v1/invites/MAIXIANG").ok().json["id"] == str(world.unions.bakery)
    assert phone.get("/api/v1/invites/NOTACODE").code == "invite_code_unknown"


def test_guessing_invite_codes_by_looking_soon_takes_waiting(phone: Phone) -> None:
    statuses = [phone.get(f"/api/v1/invites/GUESS{number:03}").status for number in range(7)]
    assert statuses == [404] * 5 + [429] * 2


def page(union_id: UUID) -> str:
    return f"/console/unions/{union_id}/poster"


def test_a_poster_is_drawn_and_downloaded(
    desk_of: Callable[[Someone], Desk], run_jobs: Callable[[], int], world: World, database: Database
) -> None:
    desk = desk_of(world.people.enterprise_reviewer)
    address = page(world.unions.shipyard)
    assert address in desk.get(f"/console/unions/{world.unions.shipyard}").text
    assert "还没有海报" in desk.get(address).ok().text
    desk.post(address, form=address).ok()
    assert "正在生成" in desk.get(f"{address}/state").text
    assert desk.get(f"{address}.png").status == 404
    run_jobs()
    assert "网页二维码" in desk.get(f"{address}/state").text
    answer = desk.get(f"{address}.png?download=1").ok()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    with Image.open(BytesIO(answer.body)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1240, 1754))


def test_a_renewed_invite_code_makes_the_poster_void(
    desk_of: Callable[[Someone], Desk], run_jobs: Callable[[], int], world: World
) -> None:
    desk, address = desk_of(world.people.town_reviewer), page(world.unions.shipyard)
    desk.post(address, form=address).ok()
    run_jobs()
    desk.post(f"/console/unions/{world.unions.shipyard}/invite-code", form=address).ok()
    assert "还没有海报" in desk.get(address).text
    assert desk.get(f"{address}.png").status == 404


@pytest.mark.parametrize("who", ["other_enterprise_reviewer", "other_town_reviewer", "other_district_reviewer"])
def test_a_poster_is_nobody_elses_business(desk_of: Callable[[Someone], Desk], world: World, who: str) -> None:
    desk, address = desk_of(getattr(world.people, who)), page(world.unions.shipyard)
    assert desk.get(address).status == 404
    assert desk.post(address, form="/console/").status == 404
    assert desk.get(f"{address}.png").status == 404


def test_only_enterprises_have_posters(desk_of: Callable[[Someone], Desk], world: World) -> None:
    assert desk_of(world.people.admin).get(page(world.unions.seaside)).status == 403


def drawn(app: Flask, settings: Settings, world: World) -> Poster:
    desk, address = Desk(InProcess(app)).sign_in(world.people.admin), page(world.unions.shipyard)
    desk.post(address, form=address).ok()
    database: Database = app.extensions["database"]
    run_jobs(settings, database)
    with database.reading() as session:
        return session.get_one(Poster, world.unions.shipyard)


def test_with_a_mini_program_the_code_is_wechats(
    wechat_app: Flask, with_wechat: Settings, wechat: State, world: World
) -> None:
    assert drawn(wechat_app, with_wechat, world).by_wechat is True
    body = wechat.received[-1]["body"]
    assert (body["scene"], body["page"]) == ("e=LANHAI01", "pages/profile/binding")


def test_on_wechats_bad_days_the_poster_is_drawn_all_the_same(
    wechat_app: Flask, with_wechat: Settings, wechat: State, world: World
) -> None:
    wechat.faults.append(Fault("status", "/wxa/getwxacodeunlimit", times=9, number=500))
    assert drawn(wechat_app, with_wechat, world).by_wechat is False
