"""Phones tell of the program's own faults; whoever runs the service reads them, and learns of nobody by it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.console.client_faults import actions
from server.console.client_faults.models import ClientFault
from server.console.client_faults.rules import KEPT
from server.core import clock
from server.core.db import Database
from tests.support.callers import Desk, InProcess, Phone
from tests.support.world import Someone, World

PATH, LIST = "/api/v1/client-faults", "/console/client-faults"
FAULT = {"platform": "h5", "page": "pages/hazard/form", "message": "x is undefined", "stack": "at f (index.js:1:2)"}


def test_a_fault_is_counted_and_read_by_who_runs_the_service_alone(
    app: Flask, database: Database, desk_of: Callable[[Someone], Desk], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    anybody = Phone(InProcess(app))
    for _ in range(2):
        assert anybody.post(PATH, FAULT).status == 204
    personal = {
        "message": "no such name: 赵工 13800001234 at /h5/?code=SECRET#/pages/x?id=1",
        "stack": "at 01a22a85-1282-732c-9f6b-f78aa496558d",
        "page": "pages/hazard/form?id=secret",
    }
    assert anybody.post(PATH, FAULT | personal).status == 204
    for wrong in ({"platform": "desktop"}, {"message": ""}, {"person_id": "1"}):
        assert anybody.post(PATH, FAULT | wrong).status == 422
    with database.reading() as session:
        first, second = session.scalars(select(ClientFault).order_by(ClientFault.times.desc()))
    assert (first.times, first.message) == (2, "x is undefined")
    for kept in (second.message, second.stack, second.page):
        assert not any(part in kept for part in ("赵工", "13800001234", "SECRET", "f78aa496558d", "secret"))
    shown = desk_of(world.people.admin).get(f"{LIST}?platform=h5&q=undefined").ok().text
    assert "x is undefined" in shown
    assert desk_of(world.people.city_reviewer).get(LIST).status == 403

    monkeypatch.setattr(actions, "MOST", 2)  # full: what is known is counted, what is new is not kept
    anybody.post(PATH, FAULT | {"message": "one more"})
    anybody.post(PATH, FAULT)
    with database.transaction() as session:
        assert sorted(session.scalars(select(ClientFault.times))) == [1, 3]
        actions.forget_faults(session, clock.now() + KEPT + timedelta(minutes=1))
        assert session.scalar(select(ClientFault.id)) is None
