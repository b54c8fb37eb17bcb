"""Sessions of the console that nobody uses end."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from server.core import clock
from server.core.db import Database
from tests.support.callers import Desk, InProcess
from tests.support.counting import count_statements
from tests.support.world import Someone, World

pytestmark = pytest.mark.settings(console_idle_minutes=30)
Opens = Callable[[Someone], Desk]


def test_a_session_that_nobody_used_for_so_long_has_ended(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.admin)
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        answer = desk.get("/console/people?q=1")
        assert (answer.status, answer.headers["Location"]) == (303, "/console/sign-in?next=/console/people%3Fq%3D1")


def test_a_session_in_use_goes_on(desk_of: Opens, world: World) -> None:
    desk = desk_of(world.people.admin)
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _ in range(4):
            moment.shift(timedelta(minutes=20))
            assert desk.get("/console/account").status == 200


def test_using_a_session_writes_at_most_once_in_a_few_minutes(desk_of: Opens, world: World, database: Database) -> None:
    desk = desk_of(world.people.admin)
    with time_machine.travel(clock.now(), tick=False) as moment:
        moment.shift(timedelta(minutes=6))
        with count_statements(database.engine) as first:
            desk.get("/console/account").ok()
        moment.shift(timedelta(minutes=4))
        with count_statements(database.engine) as second:
            desk.get("/console/account").ok()
    assert [sum("UPDATE auth_sessions" in one for one in each) for each in (first, second)] == [1, 0]


def test_an_idle_session_is_not_among_the_devices_signed_in(app: Flask, desk_of: Opens, world: World) -> None:
    desk_of(world.people.admin)
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        later = Desk(InProcess(app)).sign_in(world.people.admin)
        assert "/console/account/sessions/" not in later.get("/console/account").ok().text
