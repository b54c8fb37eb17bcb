"""Roles that must have a second factor."""

from collections.abc import Callable

import pytest
from flask import Flask

from server.app import create_app
from server.core.settings import Settings, SettingsError
from server.core.web.access import PUBLIC, permission_of
from tests.integration.unions.test_reviewer_sign_in import enrol
from tests.support.callers import Desk, Phone
from tests.support.world import PASSWORD, Someone, World

Opens = Callable[[Someone], Desk]
ENROLMENT = "/console/account/totp"
demanded = pytest.mark.settings(second_factor_roles="admin, city_reviewer")


@demanded
def test_who_must_have_a_second_factor_is_led_to_switch_it_on_and_goes_on(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.admin)
    assert desk.get("/console/").headers["Location"] == ENROLMENT
    page = desk.get(ENROLMENT).ok().text
    assert "必须开启动态验证码" in page
    assert "/console/people" not in page
    enrol(desk)
    assert desk.get("/console/").status == 200


@demanded
def test_until_then_nothing_else_in_the_console_is_open(desk_of: Opens, world: World, app: Flask) -> None:
    desk = desk_of(world.people.admin)
    asked = 0
    for rule in app.url_map.iter_rules():
        plain = rule.rule.startswith("/console") and not rule.arguments and "GET" in (rule.methods or ())
        if plain and permission_of(app, rule.endpoint) != PUBLIC and rule.rule != ENROLMENT:
            answer = desk.get(rule.rule)
            assert (answer.status, answer.headers.get("Location")) in ((303, ENROLMENT), (403, None)), rule.rule
            asked += 1
    assert asked > 20
    answer = desk.get("/console/people", **{"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == ENROLMENT


@demanded
def test_until_then_nothing_is_changed_and_what_was_typed_is_given_back(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.city_reviewer)
    path = f"/console/people/{world.people.worker.id}"
    answer = desk.post(path, {"version": "1", "name": "改了的名字"}, form=ENROLMENT)
    assert (answer.status, "改了的名字" in answer.text) == (403, True)
    assert desk.post("/console/account/sessions/end-others", form=ENROLMENT).headers["Location"] == ENROLMENT
    enrol(desk)
    assert "改了的名字" not in desk.get(path).ok().text


@demanded
def test_who_may_leave_it_off_and_workers_are_not_asked(desk_of: Opens, phone: Phone, world: World) -> None:
    assert desk_of(world.people.town_reviewer).get("/console/").status == 200
    assert phone.get("/api/v1/me").status == 200


@demanded
def test_switching_it_off_leads_back_to_switching_it_on(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.admin)
    enrol(desk)
    desk.post("/console/account/totp/off", {"current": PASSWORD})
    assert desk.get("/console/account").headers["Location"] == ENROLMENT


def test_without_the_setting_nobody_is_asked(desk_of: Opens, world: World) -> None:
    assert desk_of(world.people.admin).get("/console/").status == 200


def test_a_role_that_does_not_exist_keeps_the_service_from_starting(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="administrator"):
        create_app(settings.model_copy(update={"second_factor_roles": "administrator"}))
