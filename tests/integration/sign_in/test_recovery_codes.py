"""Recovery codes: in, once each, for who has lost the phone with the second factor."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.notifications.inbox.models import InboxMessage
from server.unions.accounts.models import RecoveryCode
from tests.integration.unions.test_reviewer_sign_in import attempt, enrolled
from tests.support.callers import Answer, Desk, InProcess
from tests.support.world import PASSWORD, Someone, World

Opens = Callable[[Someone], Desk]


def codes_of(answer: Answer) -> list[str]:
    return re.findall(r'<code class="h3">([^<]+)</code>', answer.ok().text)


@pytest.fixture
def desk(desk_of: Opens, world: World) -> Desk:
    """Of somebody who is about to switch the second factor on."""
    return desk_of(world.people.admin)


def with_code(app: Flask, code: str) -> tuple[Desk, Answer]:
    """Password and recovery code, on a fresh browser."""
    fresh = Desk(InProcess(app))
    assert attempt(fresh, "admin", PASSWORD).headers["Location"] == "/console/sign-in/code"
    return fresh, fresh.post("/console/sign-in/code?by=recovery", {"code": code})


def recorded(database: Database) -> list[str]:
    with database.reading() as session:
        found = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("account.recovery%")).order_by(AuditEntry.id)
        )
        return list(found)


def told(database: Database, world: World) -> list[str]:
    with database.reading() as session:
        mine = InboxMessage.person_id == world.people.admin.id
        return list(session.scalars(select(InboxMessage.body).where(mine).order_by(InboxMessage.id)))


def test_switching_the_second_factor_on_shows_ten_codes_once(desk: Desk, database: Database) -> None:
    answer = enrolled(desk)[1]
    codes = codes_of(answer)
    assert len(set(codes)) == 10
    assert answer.headers["Cache-Control"] == "no-store"
    assert not any(code in desk.get("/console/account").ok().text for code in codes)
    assert recorded(database) == ["account.recovery_codes_made"]


def test_codes_are_not_in_the_database(desk: Desk, database: Database) -> None:
    codes = codes_of(enrolled(desk)[1])
    with database.reading() as session:
        stored = str([(one.code_hash, one.used_at) for one in session.scalars(select(RecoveryCode))])
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)


@pytest.mark.parametrize("spelled", [str, str.upper, lambda code: code.replace("-", " ") + "\u200b\r\n"])
def test_a_code_lets_in_once_however_it_is_spelled(
    desk: Desk, app: Flask, database: Database, world: World, spelled: Callable[[str], str]
) -> None:
    codes = codes_of(enrolled(desk)[1])
    fresh, answer = with_code(app, spelled(codes[3]))
    assert (answer.status, answer.headers["Location"]) == (303, "/console/")
    assert "还剩 <strong>9</strong> 个" in fresh.get("/console/account").ok().text
    assert with_code(app, codes[3])[1].status == 401
    assert with_code(app, codes[4])[1].status == 303
    assert recorded(database)[1:] == ["account.recovery_code_used"] * 2
    assert sum("用一个备用码登录" in body for body in told(database, world)) == 2


def test_a_code_alone_or_of_somebody_else_lets_nobody_in(desk: Desk, desk_of: Opens, world: World, app: Flask) -> None:
    codes = codes_of(enrolled(desk)[1])
    enrolled(desk_of(world.people.city_reviewer))
    stranger = Desk(InProcess(app))
    assert stranger.post("/console/sign-in/code", {"code": codes[0]}).headers["Location"].startswith("/console/sign-in")
    attempt(stranger, "city", PASSWORD)
    assert stranger.post("/console/sign-in/code", {"code": codes[0]}).status == 401
    assert stranger.get("/console/account").status == 303


def test_guessing_recovery_codes_takes_waiting(desk: Desk, app: Flask) -> None:
    codes = codes_of(enrolled(desk)[1])
    fresh = Desk(InProcess(app))
    attempt(fresh, "admin", PASSWORD)
    guesses = [fresh.post("/console/sign-in/code", {"code": f"2222-3333-4444-555{n}"}).status for n in range(6)]
    assert guesses == [401] * 5 + [429]
    assert fresh.post("/console/sign-in/code", {"code": codes[0]}).status == 429


def test_new_codes_ask_for_the_password_and_end_the_old_ones(
    desk: Desk, app: Flask, database: Database, world: World
) -> None:
    old = codes_of(enrolled(desk)[1])
    assert desk.post("/console/account/recovery-codes", {"current": "wrong-password"}).status == 422
    assert desk.post("/console/account/recovery-codes").status == 422
    new = codes_of(desk.post("/console/account/recovery-codes", {"current": PASSWORD}))
    assert len(set(new) - set(old)) == 10
    assert with_code(app, old[0])[1].status == 401
    assert with_code(app, new[0])[1].status == 303
    assert any("换了一组备用码" in body for body in told(database, world))


def test_without_the_second_factor_there_are_no_codes(desk: Desk, database: Database) -> None:
    assert desk.post("/console/account/recovery-codes", {"current": PASSWORD}).status == 409
    enrolled(desk)
    desk.post("/console/account/totp/off", {"current": PASSWORD})
    with database.reading() as session:
        assert session.scalars(select(RecoveryCode)).all() == []
