"""Checking in is evidence: the code of these seconds by the server's clock, one row for each human being."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from time_machine import TimeMachineFixture

from server.core import sqlite_write_lock
from server.core.db import Database
from server.oversight.training.check_in.codes import (
    LATE_DRIFT,
    STEP_SECONDS,
    Purpose,
    code_at,
    find_step,
    show,
    step_of,
)
from server.unions.people.models import Person
from tests.integration.training.test_sessions import DeskOf, PhoneOf, rows_of
from tests.support.callers import Desk
from tests.support.training import BEGINS, ENDS, code_on_screen, move, plan, send_code
from tests.support.world import World

SESSION, SECRET = UUID(int=7), "s" * 40
moments = st.integers(0, 365 * 86_400).map(lambda second: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=second))


@given(moments, st.integers(-40, 40))
def test_a_code_holds_for_its_15_seconds_and_the_15_after(shown_at: datetime, steps: int) -> None:
    code = show(SECRET, SESSION, Purpose.CHECK_IN, shown_at).code
    later = shown_at + timedelta(seconds=steps * STEP_SECONDS)
    around = range(step_of(later) - 1 - LATE_DRIFT, step_of(later) + 1 + LATE_DRIFT)
    same = [step for step in around if code_at(SECRET, SESSION, Purpose.CHECK_IN, step) == code]
    found = find_step([SECRET], SESSION, Purpose.CHECK_IN, code, later)
    assert (found is not None) == any(step in (step_of(later) - 1, step_of(later)) for step in same)
    kept = find_step(["other" * 9, SECRET], SESSION, Purpose.CHECK_IN, code, later, drift=LATE_DRIFT)
    assert (kept is not None) == bool(same)
    assert find_step([SECRET], UUID(int=8), Purpose.CHECK_IN, code, shown_at) in (
        None,
        step_of(shown_at),
        step_of(shown_at) - 1,
    )


@pytest.fixture
def running(desk_of: DeskOf, world: World, time_machine: TimeMachineFixture) -> tuple[Desk, str]:
    time_machine.move_to(BEGINS, tick=False)
    desk = desk_of(world.people.enterprise_reviewer)
    path = plan(desk, world.unions.shipyard)
    move(desk, path, "start")
    return desk, path


def test_an_old_code_one_of_another_session_and_one_for_leaving_are_refused(
    running: tuple[Desk, str], phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture
) -> None:
    desk, path = running
    phone, old = phone_of(world.people.worker), code_on_screen(desk, path)
    coming = plan(desk, world.unions.shipyard, title="后天的", day="2026-12-02")
    assert "还没到培训的时间" in move(desk, coming, "start").text  # nobody was there yet
    other = plan(desk, world.unions.shipyard, title="另一场")
    move(desk, other, "start")
    for wrong in (code_on_screen(desk, other), code_on_screen(desk, path, "out")):
        assert send_code(phone, path, wrong).code == "wrong_code"
    time_machine.move_to(BEGINS + timedelta(seconds=45), tick=False)
    assert send_code(phone, path, old).code == "wrong_code"
    assert send_code(phone, path, code_on_screen(desk, path)).status == 200


@pytest.mark.parametrize(
    ("at", "door", "purpose", "code"),
    [
        (BEGINS - timedelta(minutes=61), "check-in", "in", "too_early"),
        (BEGINS + timedelta(minutes=31), "check-in", "in", "too_late"),
        (BEGINS + timedelta(minutes=31), "check-out", "out", "too_early"),
        (ENDS, "check-out", "out", "not_checked_in"),
    ],
)
def test_windows_are_kept(
    running: tuple[Desk, str], phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture, at: datetime,
    door: str, purpose: str, code: str,
) -> None:  # fmt: skip
    desk, path = running
    time_machine.move_to(at, tick=False)
    assert send_code(phone_of(world.people.worker), path, code_on_screen(desk, path, purpose), door).code == code


def test_what_was_kept_without_a_network_counts_if_the_code_was_right_then(
    running: tuple[Desk, str], phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture, database: Database
) -> None:
    desk, path = running
    code, phone = code_on_screen(desk, path), phone_of(world.people.worker)
    time_machine.move_to(ENDS + timedelta(hours=5), tick=False)
    move(desk, path, "end")
    slow = (BEGINS + timedelta(seconds=70)).isoformat()  # the phone's clock is a minute fast
    assert send_code(phone, path, code).code == "wrong_code"
    assert send_code(phone, path, code, taken_at=(BEGINS + timedelta(minutes=20)).isoformat()).code == "wrong_code"
    assert send_code(phone, path, code, taken_at=slow).status == 200
    assert send_code(phone, path, code, taken_at=slow).status == 200
    [row] = rows_of(database, path)
    assert (row.flags, row.checked_in_at) == (["late_sent"], BEGINS)
    ahead = (ENDS + timedelta(days=1)).isoformat()  # no clock that runs ahead makes an old code young
    assert send_code(phone_of(world.people.newcomer), path, code, taken_at=ahead).code == "wrong_code"
    time_machine.move_to(ENDS + timedelta(days=4), tick=False)
    assert send_code(phone_of(world.people.colleague), path, code, taken_at=slow).code == "too_late"


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_what_a_busy_database_cannot_take_is_answered_so_that_the_phone_sends_it_again_with_its_moment(
    running: tuple[Desk, str], phone_of: PhoneOf, world: World, time_machine: TimeMachineFixture, database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    desk, path = running
    code, phone = code_on_screen(desk, path), phone_of(world.people.worker)
    monkeypatch.setattr(sqlite_write_lock, "PATIENCE", 0.02)
    with database.transaction() as session:
        session.execute(text("SELECT 1"))  # somebody has the one lock for longer than a writer waits
        busy = send_code(phone, path, code)
    assert (busy.status, busy.code) == (503, "unavailable")
    time_machine.move_to(BEGINS + timedelta(seconds=45), tick=False)
    assert send_code(phone, path, code).code == "wrong_code"
    ahead = (BEGINS + timedelta(minutes=10)).isoformat()
    assert send_code(phone_of(world.people.colleague), path, code, taken_at=ahead).status == 200  # its clock runs ahead
    assert send_code(phone, path, code, taken_at=BEGINS.isoformat()).status == 200
    assert [row.flags for row in rows_of(database, path)] == [["late_sent"], ["late_sent"]]


def test_place_device_and_who_was_not_asked_are_flagged_and_never_refused(
    running: tuple[Desk, str], phone_of: PhoneOf, world: World, database: Database
) -> None:
    desk, _ = running
    fields = {"organiser": str(world.unions.shipyard), "kind": "course", "title": "课", "venue": "厅", "hours": "2",
              "day": "2026-11-30", "begins": "09:00Z", "ends": "11:00"}  # fmt: skip
    assert "如 09:30" in desk.post("/console/training", fields, form="/console/").text
    for wrong in ("120.38, 36.06", "36.06", "36.06,东", "nan, 120.38"):
        fields = {"organiser": str(world.unions.shipyard), "point": wrong}
        assert "纬度" in desk.post("/console/training", fields, form="/console/").text
    path = plan(desk, world.unions.shipyard, point="36.06，120.38", datum="wgs84")
    edited = desk.get(f"{path}/edit").text
    assert 'value="36.060000, 120.380000"' in edited
    assert 'data-venue="二楼会议室" data-at="36.06' in edited  # on the map of the next one, in the datum of its tiles
    move(desk, path, "start")
    code = code_on_screen(desk, path)
    here = {"latitude": 36.061, "longitude": 120.381, "accuracy": 50, "datum": "wgs84"}
    for who, point in (
        (world.people.worker, here),
        (world.people.colleague, {**here, "latitude": 36.08}),
        (world.people.stranger, {**here, "latitude": 36.2, "accuracy": 90_000}),
    ):
        assert send_code(phone_of(who), path, code, device="same-device", point=point).status == 200
    flags = {row.person_id: row.flags for row in rows_of(database, path)}
    assert sorted(row.distance or 0 for row in rows_of(database, path)) == [
        300,
        300,
        3000,
    ]  # the classes alone are kept
    assert "位置较远（3 公里内）" in desk.get(path).ok().text
    assert flags == {
        world.people.worker.id: [],
        world.people.colleague.id: ["far_away", "shared_device"],
        world.people.stranger.id: ["walk_in", "shared_device"],
    }


@pytest.mark.settings(rate_limits=True)
def test_many_codes_cannot_be_tried(running: tuple[Desk, str], phone_of: PhoneOf, world: World) -> None:
    _, path = running
    phone = phone_of(world.people.worker)
    answers = [send_code(phone, path, f"{number:06}").status for number in range(12)]
    assert 429 in answers
    assert set(answers) <= {422, 429, 200}


def test_ten_at_once_leave_one_row(
    running: tuple[Desk, str], phone_of: PhoneOf, world: World, database: Database
) -> None:
    desk, path = running
    code = code_on_screen(desk, path)
    phones = [phone_of(world.people.worker) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(lambda phone: send_code(phone, path, code).status, phones))
    assert answers == [200] * 5
    assert len(rows_of(database, path)) == 1


def test_the_trainer_corrects_with_a_reason_and_their_word_is_enough(
    running: tuple[Desk, str], phone_of: PhoneOf, world: World, database: Database
) -> None:
    desk, path = running
    send_code(phone_of(world.people.worker), path, code_on_screen(desk, path)).ok()
    [row] = rows_of(database, path)
    change = f"{path}/attendances/{row.id}"
    assert desk.post(change, {"stayed": "1", "reason": ""}, form=path).status == 422
    assert desk.post(change, {"struck": "1", "reason": "替别人扫的"}, form=path).status == 303
    added = {"name": "没带手机的", "enterprise": "", "reason": "没带手机"}
    assert desk.post(f"{path}/attendances", added, form=path).status == 303
    assert desk.post(f"{path}/attendances", added, form=path).status == 409
    with database.transaction() as session:
        session.get_one(Person, world.people.colleague.id).phone = "13905320002"
    named = {**added, "name": world.people.colleague.name, "phone": "13905320002"}
    assert desk.post(f"{path}/attendances", named, form=path).status == 303
    send_code(phone_of(world.people.colleague), path, code_on_screen(desk, path)).ok()  # the same row, now theirs
    assert world.people.colleague.id in {each.person_id for each in rows_of(database, path)}
    # One person, one place, whichever way they came; another may give the number of their foreman.
    for again in ({**added, "name": row.name}, named):
        assert desk.post(f"{path}/attendances", again, form=path).status == 409, again
    assert desk.post(f"{path}/attendances", {**named, "name": "赵师傅"}, form=path).status == 303
    assert desk.post(f"{path}/attendances/confirmation", {}, form=path).status == 303
    assert len(rows_of(database, path)) == 4
    rows = {each.name: (each.is_counted, each.is_struck, each.note) for each in rows_of(database, path)}
    assert rows == {
        world.people.worker.name: (False, True, "替别人扫的"),
        "没带手机的": (True, False, "没带手机"),
        "赵师傅": (True, False, "没带手机"),
        world.people.colleague.name: (True, False, "没带手机"),
    }
