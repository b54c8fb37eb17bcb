"""What stands in a reviewer's bell goes out by WeChat too where one of their phones consented, and into one digest."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from server.core import clock, ids
from server.core.db import Database
from server.core.settings import Settings
from server.notifications.digests.actions import digest_words, write_digest
from server.notifications.digests.models import DailyDigest
from server.unions.people.models import WechatIdentity
from server.unions.roles import Role
from server.unions.scans.models import LinkedPhone
from tests.integration.letters.conftest import Writer, town, writer_of
from tests.integration.notifications.test_subscribe import (
    OPENID,
    messages,
    settings,
    state,
    wechat,
    work,
    worker,
)
from tests.simulators.wechat.state import State
from tests.support import backends
from tests.support.callers import Desk, Phone, hazard
from tests.support.images import jpeg
from tests.support.tasks import Officer, Sender, actor_at, load_row
from tests.support.world import Someone, World

__all__ = ["settings", "state", "town", "wechat", "worker", "writer_of"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
TEMPLATE = "tmpl-desk"
FORM = {
    "template_id": TEMPLATE, "page": "pages/inbox/index", "is_active": "1",
    "key_1": "thing1", "label_1": "事项", "text_1": "{标题}",
    "key_2": "phrase2", "label_2": "结果", "text_2": "{结果}",
}  # fmt: skip


@pytest.fixture
def linked(worker: Phone, state: State, database: Database, world: World, desk_of: Callable[[Someone], Desk]) -> Phone:
    """A phone that signs in to the account of the shipyard's reviewer; the template is in use."""
    state.templates[TEMPLATE] = ["thing1", "phrase2"]
    state.pages.add("pages/inbox/index")
    assert desk_of(world.people.admin).post("/console/message-templates/desk", FORM).status == 303
    with database.transaction() as session:
        person_id = session.scalars(select(WechatIdentity.person_id).where(WechatIdentity.openid == OPENID)).one()
        session.add(
            LinkedPhone(person_id=person_id, account_id=world.people.enterprise_reviewer.id, linked_at=clock.now())
        )
    found = worker.get("/api/v1/subscriptions/templates?scene=desk").ok().json
    assert found == {"template_ids": [TEMPLATE]}
    return worker


def allow(phone: Phone, state: State) -> None:
    state.consents[OPENID, TEMPLATE] += 1
    assert phone.post("/api/v1/subscriptions/consents", {"results": {TEMPLATE: "accept"}}).json == {"accepted": 1}


def sent(state: State) -> list[tuple[str, str]]:
    return [(each["body"]["touser"], each["body"]["data"]["phrase2"]["value"]) for each in state.received]


def test_what_comes_to_a_reviewer_goes_once_to_a_phone_that_consented(
    linked: Phone, town: Writer, state: State, settings: Settings, database: Database
) -> None:
    allow(linked, state)
    town.issue()
    work(settings, database)
    assert sent(state) == [(OPENID, "待答复")]
    town.issue()
    work(settings, database)
    assert len(sent(state)) == 1, "one consent is good for one message"
    assert messages(database) == [("sent", None), ("failed", "no_consent")]


def test_what_an_anonymous_worker_did_goes_out_by_no_message_that_tells_the_minute(
    linked: Phone, phone: Phone, state: State, settings: Settings, database: Database, world: World,
    desk_of: Callable[[Someone], Desk],
) -> None:  # fmt: skip
    desk = desk_of(world.people.enterprise_reviewer)
    for is_anonymous, told in ((True, []), (False, [(OPENID, "已补充")])):
        allow(linked, state)
        hazard_id, sample = ids.new_id_of_day(clock.now()), jpeg(40 + is_anonymous)
        words = hazard([sample], is_anonymous=is_anonymous, enterprise_id=world.unions.shipyard)
        phone.declare(hazard_id, words).ok()
        phone.upload(hazard_id, sample).ok()
        asked = {"version": "2", "reply": "在哪一层？"}
        assert desk.post(f"/console/submissions/{hazard_id}/return", asked).status == 303
        answer = {"text": "二层", "photos": []}
        phone.put(f"/api/v1/submissions/{hazard_id}/answers/{ids.new_id_of_day(clock.now())}", answer).ok()
        work(settings, database)
        assert sent(state) == told


def test_who_is_asked_urged_and_told_to_correct_hears_it_by_wechat_and_a_tap_opens_the_task(
    linked: Phone, state: State, settings: Settings, database: Database, world: World,
    desk_of: Callable[[Someone], Desk],
) -> None:  # fmt: skip
    """Told in bulk: only whom a consent is left of, and the others have no row of what was not sent."""
    state.pages.add("tasks/pages/task")
    for _ in range(3):
        allow(linked, state)
    actor = actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)
    sender = Sender(database, actor, lambda: backends.run_jobs(settings, database))
    assignment = sender.send([world.unions.shipyard, world.unions.bakery, world.unions.brewery])
    task, city = sender.rows(assignment)[world.unions.shipyard], desk_of(world.people.city_reviewer)
    assert city.post(f"/console/assignments/{assignment}/urge").status == 303
    work(settings, database)
    assert Officer(desk_of(world.people.enterprise_reviewer), task).fill("submit").status == 303
    returning = {"version": str(load_row(database, task).version), "remark": "台数不对"}
    assert city.post(f"/console/tasks/{task}/return", returning).status == 303
    work(settings, database)
    assert sent(state) == [(OPENID, "请办理"), (OPENID, "催办"), (OPENID, "退回修改")]
    assert {each["body"]["page"] for each in state.received} == {f"tasks/pages/task?id={task}"}
    assert messages(database) == [("sent", None)] * 3


def test_each_unread_message_is_in_one_digest_which_goes_out_too(
    linked: Phone, town: Writer, state: State, settings: Settings, database: Database, world: World
) -> None:
    town.issue()
    allow(linked, state)
    who = world.people.enterprise_reviewer
    said = []
    for day in (date(2026, 11, 24), date(2026, 11, 25)):
        with database.transaction() as session:
            assert write_digest(session, who.id, day, now=clock.now())
        with database.reading() as session:
            said.append(digest_words(session.get_one(DailyDigest, (who.id, day))))
    work(settings, database)
    assert "1 条新消息没看过" in said[0]
    assert "新消息" not in said[1]
    assert sent(state) == [(OPENID, "有待办")]
