"""The demo: Qingdao's ten districts, made-up enterprises, people to sign in as."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.app import create_app
from server.core import clock
from server.core.db import Database
from server.unions.demo.actions import DemoCredentials, load_demo
from server.unions.people.models import Person
from server.unions.roles import Level
from server.unions.tree.models import Affiliation, Union
from tests.support.backends import Backend
from tests.support.callers import Desk, InProcess, Phone

ADCODES = {
    "370202": "市南区", "370203": "市北区", "370211": "黄岛区", "370212": "崂山区", "370213": "李沧区",
    "370214": "城阳区", "370215": "即墨区", "370281": "胶州市", "370283": "平度市", "370285": "莱西市",
}  # fmt: skip


@pytest.fixture
def app(backend: Backend, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database."""
    application = create_app(backend.settings(tmp_path, filled=False))
    yield application
    application.extensions["database"].close()


@pytest.fixture
def demo(database: Database) -> DemoCredentials:
    with database.transaction() as session:
        return load_demo(session, clock.now())


def test_it_loads_in_a_moment_and_a_second_time_changes_nothing(database: Database, demo: DemoCredentials) -> None:
    def count() -> list[int | None]:
        with database.reading() as session:
            return [session.scalar(select(func.count()).select_from(table)) for table in (Union, Person)]

    before, began = count(), time.monotonic()
    with database.transaction() as session:
        again = load_demo(session, clock.now())
    assert time.monotonic() - began < 3
    assert count() == before
    assert again.password is None
    assert (again.usernames, again.worker_codes, again.invite_code) == (
        demo.usernames,
        demo.worker_codes,
        demo.invite_code,
    )


def test_the_ten_districts_carry_their_codes(database: Database, demo: DemoCredentials) -> None:
    with database.reading() as session:
        districts = session.execute(
            select(Union.adcode, Union.short_name).where(Union.affiliation == Affiliation.DISTRICT)
        ).all()
        levels = session.scalars(select(Union.level)).all()
        affiliations = set(session.scalars(select(Union.affiliation).where(Union.affiliation.is_not(None))))
    assert {row.adcode: row.short_name for row in districts} == ADCODES
    assert levels.count(Level.CITY) == 1
    assert levels.count(Level.ENTERPRISE) >= 200
    assert affiliations == set(Affiliation)


def test_enterprises_and_people_are_plainly_made_up(database: Database, demo: DemoCredentials) -> None:
    with database.reading() as session:
        names = session.scalars(select(Union.name).where(Union.level == Level.ENTERPRISE)).all()
        officers = session.scalars(select(Union.safety_officer_name).where(Union.level == Level.ENTERPRISE)).all()
        people = session.scalars(select(Person.name)).all()
    assert all("示例" in name for name in names)
    assert set(officers) <= {"安全员甲", "安全员乙", "安全员丙", "安全员丁"}
    assert all(name is not None and name.startswith("演示") for name in people)


def test_the_notice_is_the_current_campaign(app: Flask, demo: DemoCredentials) -> None:
    campaign = Phone(InProcess(app)).sign_in("demo:worker-1").get("/api/v1/campaign").ok().json
    assert "“查保促”“安康杯”" in campaign["name"]
    assert campaign["is_open"], "else nobody could try anything"
    assert len(campaign["categories"]) == 14


@pytest.mark.parametrize(
    ("code", "bound"), [("demo:worker-1", True), ("demo:worker-2", True), ("demo:worker-3", False)]
)
def test_two_workers_are_bound_already(app: Flask, demo: DemoCredentials, code: str, bound: bool) -> None:
    me = Phone(InProcess(app)).sign_in(code).get("/api/v1/me").ok().json
    assert (me["enterprise"] is not None) is bound
    assert (me["name"] is not None) is bound


@pytest.mark.parametrize("username", ["city", "shinan", "town", "enterprise", "admin"])
def test_every_demo_account_gets_in_with_the_one_password(app: Flask, demo: DemoCredentials, username: str) -> None:
    assert demo.password is not None
    desk = Desk(InProcess(app))
    assert desk.post("/console/sign-in", {"username": username, "password": demo.password}).status == 303
    desk.get("/console/").ok()


def test_a_password_may_be_chosen_and_changed(app: Flask, database: Database, demo: DemoCredentials) -> None:
    with database.transaction() as session:
        assert load_demo(session, clock.now(), "chosen-Passw0rd").password == "chosen-Passw0rd"
    answer = Desk(InProcess(app)).post("/console/sign-in", {"username": "city", "password": "chosen-Passw0rd"})
    assert answer.status == 303
