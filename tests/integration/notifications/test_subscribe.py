"""Subscribe messages: consents, sending against the simulated WeChat, and why one was not sent."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.core import clock, ids
from server.core.db import Database
from server.core.settings import Settings
from server.notifications.subscribe.actions import take_consent
from server.notifications.subscribe.models import Consent, SendState, SubscribeMessage
from server.review.submissions.models import Submission
from tests.simulators.wechat.state import Fault, State
from tests.support import backends
from tests.support.backends import Backend
from tests.support.callers import Desk, InProcess, Phone
from tests.support.simulated import simulated_wechat
from tests.support.world import Someone, World

APP, SECRET, OPENID, TEMPLATE = "wx-simulated", "simulated-secret", "o-worker-1", "tmpl-result"
SEND = "/cgi-bin/message/subscribe/send"
FORM = {
    "template_id": TEMPLATE, "page": "pages/hazard/detail?id={编号}", "is_active": "1",
    "key_1": "thing1", "label_1": "隐患", "text_1": "{事项}",
    "key_2": "phrase2", "label_2": "结果", "text_2": "{结果}",
    "key_3": "time3", "label_3": "时间", "text_3": "{时间}",
    "key_4": "character_string4", "label_4": "编号", "text_4": "{编号}",
}  # fmt: skip


@pytest.fixture
def state() -> State:
    known = State({APP: SECRET})
    known.templates[TEMPLATE] = ["thing1", "phrase2", "time3", "character_string4"]
    known.pages.add("pages/hazard/detail")
    return known


@pytest.fixture
def wechat(state: State) -> Iterator[str]:
    with simulated_wechat(state) as url:
        yield url


@pytest.fixture
def settings(backend: Backend, home: Path, wechat: str, request: pytest.FixtureRequest) -> Settings:
    marker = request.node.get_closest_marker("settings")
    changes: dict[str, Any] = {"wechat_app_id": APP, "wechat_app_secret": SECRET, "wechat_api_url": wechat}
    changes |= {"quiet_from_hour": 0, "quiet_until_hour": 0, **(marker.kwargs if marker else {})}
    return backend.settings(home, **changes)


@pytest.fixture
def worker(app: Flask, state: State) -> Phone:
    """Somebody who signed in from WeChat."""
    return Phone(InProcess(app)).sign_in(state.new_code("login", OPENID))


@pytest.fixture
def editor(desk_of: Callable[[Someone], Desk], world: World) -> Desk:
    desk = desk_of(world.people.admin)
    assert desk.post("/console/message-templates/result", FORM).status == 303
    return desk


def consent(phone: Phone, state: State, times: int = 1) -> None:
    for _ in range(times):
        state.consents[OPENID, TEMPLATE] += 1
        assert phone.post("/api/v1/subscriptions/consents", {"results": {TEMPLATE: "accept"}}).json == {"accepted": 1}


def decide(phone: Phone, desk_of: Callable[[Someone], Desk], world: World, hazard_id: UUID | None = None) -> UUID:
    hazard_id = hazard_id or phone.report(enterprise_id=world.unions.shipyard)
    fields = {"version": "2", "grade": "3"}
    desk_of(world.people.town_reviewer).post(f"/console/submissions/{hazard_id}/accept", fields).ok()
    return hazard_id


def messages(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        rows = session.execute(select(SubscribeMessage.state, SubscribeMessage.reason).order_by(SubscribeMessage.id))
        return [(row.state.value, row.reason) for row in rows]


def unspent(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(Consent.spent_at.is_(None))) or 0


def work(settings: Settings, database: Database) -> None:
    backends.run_jobs(settings, database)


def test_a_decision_goes_out_once_where_consent_was_given(
    worker: Phone, editor: Desk, desk_of: Callable[[Someone], Desk], world: World, state: State, settings: Settings,
    database: Database,
) -> None:  # fmt: skip
    consent(worker, state)
    hazard_id = decide(worker, desk_of, world)
    work(settings, database)
    (sent,) = state.received
    assert sent["body"]["touser"] == OPENID
    assert sent["body"]["page"] == f"pages/hazard/detail?id={hazard_id}"
    assert sent["body"]["data"]["phrase2"] == {"value": "已受理"}
    with database.reading() as session:
        number = session.get_one(Submission, hazard_id).number
    assert sent["body"]["data"]["character_string4"] == {"value": number}
    assert messages(database) == [("sent", None)]
    assert (unspent(database), state.consents[OPENID, TEMPLATE]) == (0, 0)
    assert worker.get("/api/v1/inbox").json["unread"] >= 2


def test_without_consent_there_is_the_inbox_and_a_reason(
    worker: Phone, editor: Desk, desk_of: Callable[[Someone], Desk], world: World, state: State, settings: Settings,
    database: Database,
) -> None:  # fmt: skip
    decide(worker, desk_of, world)
    work(settings, database)
    assert state.received == []
    assert messages(database) == [("failed", "no_consent")]
    assert "你的隐患已受理" in worker.get("/api/v1/inbox").text
    assert "职工没有允许" in editor.get("/console/message-templates").text


@pytest.mark.settings(quiet_from_hour=21, quiet_until_hour=8)
def test_at_night_nothing_is_sent_until_the_morning(
    worker: Phone, editor: Desk, desk_of: Callable[[Someone], Desk], world: World, state: State, settings: Settings,
    database: Database, time_machine: Any,
) -> None:  # fmt: skip
    consent(worker, state)
    hazard_id = worker.report(enterprise_id=world.unions.shipyard)
    work(settings, database)  # the photo's pictures, while the clock is right: an S3 store refuses others
    night = clock.in_shanghai(clock.now()).replace(hour=23, minute=0) + timedelta(days=1)
    time_machine.move_to(night)
    decide(worker, desk_of, world, hazard_id)
    work(settings, database)
    assert (state.received, messages(database)) == ([], [("waiting", None)])
    time_machine.move_to(night + timedelta(hours=9, minutes=1))
    work(settings, database)
    assert messages(database) == [("sent", None)]


def test_what_wechat_refuses_because_of_us_gives_the_consent_back(
    worker: Phone, editor: Desk, desk_of: Callable[[Someone], Desk], world: World, state: State, settings: Settings,
    database: Database,
) -> None:  # fmt: skip
    consent(worker, state)
    state.faults.append(Fault("errcode", SEND, number=40037))
    decide(worker, desk_of, world)
    work(settings, database)
    assert messages(database) == [("failed", "errcode 40037")]
    assert unspent(database) == 1


def test_when_wechat_counts_fewer_consents_ours_follow(
    worker: Phone, editor: Desk, desk_of: Callable[[Someone], Desk], world: World, state: State, settings: Settings,
    database: Database,
) -> None:  # fmt: skip
    consent(worker, state, times=3)
    state.consents.clear()
    decide(worker, desk_of, world)
    work(settings, database)
    assert messages(database) == [("failed", "errcode 43101")]
    assert unspent(database) == 0


def test_a_busy_wechat_is_asked_again_later_and_a_silent_one_is_not(
    worker: Phone, editor: Desk, desk_of: Callable[[Someone], Desk], world: World, state: State, settings: Settings,
    database: Database, time_machine: Any,
) -> None:  # fmt: skip
    consent(worker, state, times=2)
    state.faults.append(Fault("errcode", SEND, number=-1))
    decide(worker, desk_of, world)
    work(settings, database)
    assert messages(database) == [("waiting", "errcode -1")]
    again = worker.report(enterprise_id=world.unions.shipyard)  # an S3 store refuses clocks that are wrong
    time_machine.move_to(clock.now() + timedelta(minutes=2))
    work(settings, database)
    assert messages(database) == [("sent", None)]
    state.faults.append(Fault("close", SEND))
    decide(worker, desk_of, world, again)
    work(settings, database)
    assert messages(database)[1] == ("failed", "no_answer")
    assert len(state.received) == 1


def test_one_consent_is_used_by_one_of_many_who_ask_at_once(
    worker: Phone, editor: Desk, state: State, database: Database
) -> None:
    consent(worker, state, times=3)
    person_id = UUID(worker.get("/api/v1/me").json["id"])

    def ask(_: int) -> bool:
        with database.transaction() as session:
            message = SubscribeMessage(
                id=ids.new_id(), person_id=person_id, about="x", template_id=TEMPLATE, page="p", values={},
                state=SendState.WAITING, created_at=clock.now(),
            )  # fmt: skip
            session.add(message)
            session.flush()
            return take_consent(session, person_id, TEMPLATE, message.id, now=clock.now())

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(16))) == 3
    assert unspent(database) == 0


def test_scenes_offer_the_templates_in_use(worker: Phone, editor: Desk) -> None:
    def offered(scene: str) -> list[str]:
        ids_: list[str] = worker.get(f"/api/v1/subscriptions/templates?scene={scene}").ok().json["template_ids"]
        return ids_

    assert offered("submit") == offered("answer") == offered("suggest") == [TEMPLATE]
    assert offered("award") == []
    assert worker.get("/api/v1/subscriptions/templates?scene=other").status == 422
    editor.post("/console/message-templates/result", {**FORM, "is_active": ""})
    assert offered("submit") == []


def test_only_acceptance_of_a_known_template_counts_and_the_ledger_has_a_brim(
    worker: Phone, editor: Desk, database: Database
) -> None:
    results = {TEMPLATE: "reject", "unknown": "accept"}
    assert worker.post("/api/v1/subscriptions/consents", {"results": results}).json == {"accepted": 0}
    for _ in range(25):
        worker.post("/api/v1/subscriptions/consents", {"results": {TEMPLATE: "accept"}}).ok()
    assert unspent(database) == 20


def test_a_template_is_previewed_and_its_faults_are_named(editor: Desk) -> None:
    shown = editor.post("/console/message-templates/award", {**FORM, "step": "preview"})
    assert shown.status == 200
    assert "三号车间东门配电箱门敞开，电线裸露" in shown.text
    wrong = {**FORM, "key_2": "phrase2", "text_2": "不止五个汉字的话", "text_3": "{没有的}", "key_1": "wrong"}
    refused = editor.post("/console/message-templates/award", wrong)
    assert refused.status == 422
    for words in ("最多 5 个汉字", "没有“没有的”", "没有这种字段"):
        assert words in refused.text
    taken = editor.post("/console/message-templates/award", FORM)
    assert "这个编号已用在别的消息上" in taken.text


def test_templates_are_no_business_of_a_town(desk_of: Callable[[Someone], Desk], world: World) -> None:
    assert desk_of(world.people.town_reviewer).get("/console/message-templates").status == 403
