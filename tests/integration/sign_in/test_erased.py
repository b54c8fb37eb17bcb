"""Whose personal data is deleted leaves no way in behind."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.core import clock, ids
from server.core.db import Base, Database
from server.privacy.copies.gathering import gather
from server.privacy.erasure.erasing import erase_person
from server.privacy.models import Erasure
from server.unions.accounts.sessions.actions import Visitor
from server.unions.oauth.actions import begin_visit, come_back, recognise, take_visit
from server.unions.oauth.models import OauthVisit
from server.unions.phones.actions import keep_proved_phone
from server.unions.phones.models import PhoneIdentity
from server.unions.scans.actions import begin_scan, look_at_scan
from server.unions.scans.models import LinkedPhone, Scan, ScanPurpose
from tests.support.world import DEMO_APP, World


@pytest.fixture
def left_behind(app: Flask, database: Database, world: World) -> Callable[[], list[type[Base]]]:
    """The tables that still have rows of the worker; each has one to begin with."""
    now, worker, reviewer = clock.now(), world.people.worker.id, world.people.town_reviewer.id
    with database.transaction() as session:
        keep_proved_phone(session, worker, "13800138000", by="wechat", now=now)
        session.add(LinkedPhone(person_id=worker, account_id=reviewer, linked_at=now))
        session.flush()
        visitor = Visitor("127.0.0.1", "")
        scan = begin_scan(session, ScanPurpose.SIGN_IN, account_id=None, visitor=visitor, wanted="", now=now)
        look_at_scan(session, scan.code, person_id=worker, now=now)
        visit = begin_visit(session, now=now)
        visit_id = come_back(session, visit.state, visit.browser, now=now)
        assert visit_id is not None
        recognise(session, visit_id, DEMO_APP, "worker-1", None, now=now)
        taken = take_visit(session, visit.browser, now=now)
        assert taken is not None
        assert taken.id == worker

    def look() -> list[type[Base]]:
        with database.reading() as session:
            tables = (PhoneIdentity, LinkedPhone, Scan, OauthVisit)
            return [table for table in tables if session.scalars(select(table).filter_by(person_id=worker)).all()]

    assert len(look()) == 4
    return look


def test_nothing_of_theirs_is_left(
    left_behind: Callable[[], list[type[Base]]], database: Database, world: World
) -> None:
    now, erasure_id = clock.now(), ids.new_id()
    with database.transaction() as session:
        session.add(Erasure(id=erasure_id, person_id=world.people.worker.id, requested_at=now, due_at=now))
        session.flush()
        erase_person(session, erasure_id, now=now)
    assert left_behind() == []


def test_ones_own_copy_tells_the_number_and_no_secret(
    left_behind: Callable[[], list[type[Base]]], database: Database, world: World
) -> None:
    with database.reading() as session:
        told = gather(session, world.people.worker.id)
    assert told["核实过的手机号"][0]["phone"] == "13800138000"
    assert "扫码登录的绑定" in told
    assert "_hash" not in str(told)
