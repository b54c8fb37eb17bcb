"""Signing in by a code in a short message, and those who guess, flood or listen."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update
from structlog.testing import capture_logs

from server.app import create_app
from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.people.models import Person
from server.unions.phones.models import PhoneIdentity, SmsCode
from tests.integration.sign_in.conftest import browser_at
from tests.simulators.quiet import Quiet
from tests.support.backends import Backend, make_settings
from tests.support.callers import Answer, InProcess, Phone

NUMBER, OTHER = "13800138000", "13900139000"
SECRET = "a-secret-shared-with-the-gateway-0123456789"


@dataclass
class Gateway:
    """What the operator's gateway got, and what it answers."""

    url: str = ""
    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def code(self) -> str:
        """The latest code."""
        return str(json.loads(self.got[-1][1])["code"])


@contextmanager
def running_gateway() -> Iterator[Gateway]:
    gateway = Gateway()

    class Handler(Quiet, BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            gateway.got.append((dict(self.headers), body))
            self.send_response(gateway.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    gateway.url = f"http://127.0.0.1:{server.server_port}/sms"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with running_gateway() as running:
        yield running


@pytest.fixture
def app(backend: Backend, tmp_path: Path, gateway: Gateway) -> Iterator[Flask]:
    application = create_app(backend.settings(tmp_path, sms_provider="https", sms_url=gateway.url, sms_secret=SECRET))
    yield application
    application.extensions["database"].close()


@pytest.fixture
def browser(app: Flask) -> Phone:
    return Phone(InProcess(app))


def at(app: Flask, address: str) -> Phone:
    """A browser at another address."""
    return Phone(browser_at(app, REMOTE_ADDR=address))


def ask(browser: Phone, phone: str = NUMBER) -> Answer:
    return browser.post("/api/v1/sign-in/sms-codes", {"phone": phone})


def give(browser: Phone, challenge: str, code: str, phone: str = NUMBER) -> Answer:
    return browser.post("/api/v1/sign-in/sms", {"id": challenge, "phone": phone, "code": code})


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def enter(browser: Phone, gateway: Gateway, phone: str = NUMBER) -> dict[str, Any]:
    """Sign in."""
    challenge = ask(browser, phone).ok().json["id"]
    answer: dict[str, Any] = give(browser, challenge, gateway.code, phone).ok().json
    return answer


def test_the_code_that_came_signs_in_and_the_same_number_is_the_same_person(app: Flask, gateway: Gateway) -> None:
    first = enter(Phone(InProcess(app)), gateway)
    assert Phone(InProcess(app), first["token"]).get("/api/v1/me").json["phone"] == "138****8000"
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert enter(Phone(InProcess(app)), gateway)["person"]["id"] == first["person"]["id"]


def test_the_gateway_gets_six_digits_signed(browser: Phone, gateway: Gateway) -> None:
    challenge = ask(browser).ok().json["id"]
    headers, body = gateway.got[0]
    said = json.loads(body)
    assert said == {"phone": NUMBER, "code": said["code"], "minutes": 5}
    assert len(said["code"]) == 6
    moment = headers["X-Suishoupai-Timestamp"]
    expected = hmac.new(SECRET.encode(), f"{moment}\n".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Suishoupai-Signature"] == expected
    assert headers["Idempotency-Key"] == challenge


def test_neither_log_nor_database_nor_answer_holds_code_or_number(
    browser: Phone, gateway: Gateway, database: Database
) -> None:
    with capture_logs() as lines:
        answer = ask(browser).ok()
    assert NUMBER not in str(lines) + answer.text
    assert gateway.code not in str(lines)
    assert gateway.code not in answer.text
    with database.reading() as session:
        kept = session.scalars(select(SmsCode)).one()
        row = str({column: getattr(kept, column) for column in ("phone_key", "origin", "code_hash")})
    assert NUMBER not in row
    assert gateway.code not in row
    assert hashlib.sha256(gateway.code.encode()).hexdigest() not in row


def test_a_code_is_good_once_even_for_many_at_the_same_moment(app: Flask, gateway: Gateway, database: Database) -> None:
    challenge = ask(Phone(InProcess(app))).ok().json["id"]
    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(lambda _: give(Phone(InProcess(app)), challenge, gateway.code).status, range(5)))
    assert sorted(statuses) == [200, 401, 401, 401, 401]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PhoneIdentity)) == 1


def test_a_code_is_good_for_five_minutes(browser: Phone, gateway: Gateway) -> None:
    challenge = ask(browser).ok().json["id"]
    with time_machine.travel(clock.now() + timedelta(minutes=5, seconds=1)):
        assert give(browser, challenge, gateway.code).code == "sms_code_wrong"


def test_after_five_wrong_codes_the_right_one_is_refused_too(browser: Phone, gateway: Gateway) -> None:
    challenge = ask(browser).ok().json["id"]
    for _ in range(5):
        assert give(browser, challenge, wrong(gateway.code)).status == 401
    assert give(browser, challenge, gateway.code).code == "sms_code_wrong"


def test_many_guesses_at_the_same_moment_are_no_more_than_five(
    app: Flask, gateway: Gateway, database: Database
) -> None:
    challenge = ask(Phone(InProcess(app))).ok().json["id"]
    bad = wrong(gateway.code)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: give(Phone(InProcess(app)), challenge, bad), range(16)))
    with database.reading() as session:
        assert session.scalars(select(SmsCode.attempts_left)).one() == 0


def test_a_code_belongs_to_its_number_and_its_sending(browser: Phone, gateway: Gateway) -> None:
    challenge = ask(browser).ok().json["id"]
    code = gateway.code
    other = ask(browser, OTHER).ok().json["id"]
    assert give(browser, challenge, code, OTHER).status == 401
    assert give(browser, other, code, NUMBER).status == 401
    assert give(browser, "00000000-0000-7000-8000-000000000000", code).status == 401
    assert give(browser, challenge, code).status == 200


def test_who_does_not_know_the_sending_cannot_use_up_its_attempts(app: Flask, gateway: Gateway) -> None:
    challenge = ask(Phone(InProcess(app))).ok().json["id"]
    code = gateway.code
    stranger = at(app, "198.51.100.7")
    theirs = ask(stranger).ok().json["id"]
    for _ in range(10):
        give(stranger, theirs, wrong(gateway.code))
    assert give(Phone(InProcess(app)), challenge, code).status == 200


def test_one_number_gets_one_code_a_minute_and_five_an_hour(browser: Phone, gateway: Gateway) -> None:
    start = clock.now()
    ask(browser).ok()
    assert (ask(browser).status, ask(browser).code) == (429, "sms_too_many")
    for number in range(1, 5):
        with time_machine.travel(start + timedelta(minutes=2 * number)):
            ask(browser).ok()
    with time_machine.travel(start + timedelta(minutes=30)):
        assert ask(browser).status == 429
    with time_machine.travel(start + timedelta(minutes=61)):
        ask(browser).ok()
    assert len(gateway.got) == 6


def test_a_phone_is_not_flooded_from_many_addresses(app: Flask, gateway: Gateway) -> None:
    statuses = [ask(at(app, f"198.51.100.{number}")).status for number in range(1, 13)]
    assert statuses == [201] * 10 + [429] * 2
    assert len(gateway.got) == 10


def test_flooding_a_number_does_not_shut_out_the_browser_that_proved_it(app: Flask, gateway: Gateway) -> None:
    browser = Phone(InProcess(app))
    enter(browser, gateway)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        for number in range(1, 13):
            ask(at(app, f"198.51.100.{number}"))
        assert ask(at(app, "198.51.100.99")).status == 429
        enter(browser, gateway)


def test_one_address_cannot_send_to_ever_more_numbers(app: Flask, gateway: Gateway) -> None:
    greedy = at(app, "203.0.113.5")
    statuses = [ask(greedy, f"137000000{number:02}").status for number in range(62)]
    assert statuses.count(429) == 2
    assert ask(at(app, "203.0.113.6"), "13711111111").status == 201


def test_many_askers_at_the_same_moment_get_no_more_than_one(app: Flask, gateway: Gateway) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: ask(Phone(InProcess(app))), range(6)))
    assert len(gateway.got) <= 1


def test_the_answer_does_not_tell_whether_a_number_is_known(app: Flask, gateway: Gateway) -> None:
    enter(Phone(InProcess(app)), gateway)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        known, unknown = ask(Phone(InProcess(app)), NUMBER), ask(Phone(InProcess(app)), OTHER)
        assert known.status == unknown.status
        assert known.json.keys() == unknown.json.keys()
        wrongs = [
            give(Phone(InProcess(app)), each.json["id"], "000000", phone)
            for each, phone in ((known, NUMBER), (unknown, OTHER))
        ]
    assert [(each.status, each.code) for each in wrongs] == [(401, "sms_code_wrong")] * 2


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_gateway_that_refuses_is_told_and_may_be_tried_again_at_once(
    browser: Phone, gateway: Gateway, status: int
) -> None:
    gateway.status = status
    assert (ask(browser).status, ask(browser).code) == (503, "sms_not_sent")
    gateway.status = 200
    enter(browser, gateway)


def test_a_gateway_that_is_gone_is_told(backend: Backend, tmp_path: Path) -> None:
    app = create_app(
        backend.settings(tmp_path, sms_provider="https", sms_url="http://127.0.0.1:9/x", sms_secret=SECRET)
    )
    answer = ask(Phone(InProcess(app)))
    assert (answer.status, answer.code) == (503, "sms_not_sent")
    app.extensions["database"].close()


@pytest.mark.parametrize("body", [{}, {"phone": "12345"}, {"phone": "1380013800〇"}, {"phone": ["13800138000"]}])
def test_what_is_no_mobile_number_is_refused(browser: Phone, body: object) -> None:
    assert browser.post("/api/v1/sign-in/sms-codes", body).status == 422


def test_somebody_out_of_use_does_not_get_in(app: Flask, gateway: Gateway, database: Database) -> None:
    person = enter(Phone(InProcess(app)), gateway)["person"]["id"]
    with database.transaction() as session:
        session.execute(update(Person).where(Person.phone == NUMBER).values(is_active=False))
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        challenge = ask(Phone(InProcess(app))).ok().json["id"]
        assert give(Phone(InProcess(app)), challenge, gateway.code).code == "person_inactive"
    assert person


def test_a_wrong_code_is_on_record(browser: Phone, gateway: Gateway, database: Database) -> None:
    challenge = ask(browser).ok().json["id"]
    give(browser, challenge, wrong(gateway.code))
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.failed")).one()
    assert entry.detail == {"factor": "sms"}


def test_a_number_that_somebody_only_typed_signs_nobody_in(app: Flask, gateway: Gateway) -> None:
    worker = Phone(InProcess(app)).sign_in("demo:worker-1")
    worker.patch("/api/v1/me", {"phone": NUMBER}).ok()
    entered = enter(Phone(InProcess(app)), gateway)
    assert entered["person"]["id"] != worker.get("/api/v1/me").json["id"]


def test_the_demo_writes_the_code_to_the_log_on_this_machine_alone(embedded: Any, tmp_path: Path) -> None:
    app = create_app(embedded.settings(tmp_path, sms_provider="log"))
    with capture_logs() as lines:
        answer = ask(Phone(InProcess(app))).ok()
    said = next(line for line in lines if line["event"] == "demo_sms")
    assert NUMBER not in str(lines)
    assert give(Phone(InProcess(app)), answer.json["id"], said["digits"]).status == 200
    assert ask(at(app, "198.51.100.7"), OTHER).code == "demo_sign_in_off"
    app.extensions["database"].close()


def test_without_a_provider_the_door_is_shut(embedded: Any, tmp_path: Path) -> None:
    app = create_app(embedded.settings(tmp_path))
    assert ask(Phone(InProcess(app))).code == "sms_off"
    app.extensions["database"].close()


@pytest.mark.parametrize(
    "changes",
    [
        {"sms_provider": "log", "demo_sign_in": False},
        {"sms_provider": "https"},
        {"sms_provider": "https", "sms_url": "http://sms.example.org", "sms_secret": SECRET},
        {"sms_provider": "https", "sms_url": "https://sms.example.org", "sms_secret": "short"},
    ],
)
def test_settings_that_would_be_unsafe_do_not_start(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="sms_"):
        make_settings(tmp_path, **changes)
