"""What a union's officers are asked, on the phone: signed for, answered with and without signal, by one and by two."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Locator, Page, ViewportSize, expect
from sqlalchemy import select

from server import wiring
from server.assignments.dispatch.models import Recipient
from server.assignments.responses.actions import return_response, submit_response
from server.assignments.responses.schemas import ReturnIn, SubmitIn
from server.core import clock, ids
from server.core.clock import day_of
from server.core.db import Database
from server.unions.roles import Role
from server.unions.scans.models import LinkedPhone
from tests.support import images
from tests.support.browser import open_phone
from tests.support.servers import wait_until
from tests.support.service import Service
from tests.support.tasks import Sender, actor_at, load_draft, load_versions
from tests.support.world import World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

SMALL: ViewportSize = {"width": 320, "height": 568}
TALL: ViewportSize = {"width": 375, "height": 812}
TARGET = 44  # pixels, the least that a gloved finger hits
ITEMS = [
    {"kind": "check", "key": f"c{number}", "label": f"第{number}项门窗完好", "place": "锅炉房", "criterion": "没有破损"}
    for number in range(1, 9)
]
FORM: dict[str, Any] = {
    "sections": [
        {"key": "boiler", "title": "燃煤锅炉", "may_be_skipped": True, "fields": ITEMS},
        {
            "key": "others",
            "title": "其他",
            "fields": [
                {"kind": "integer", "key": "rooms", "label": "宿舍几间", "required": True},
                {"kind": "text", "key": "place", "label": "宿舍在哪里"},
                {"kind": "person", "key": "chief", "label": "谁负责"},
                {"kind": "date", "key": "day", "label": "哪天查的"},
                {"kind": "yes_no", "key": "alarm", "label": "装了报警器吗"},
                {
                    "kind": "prose", "key": "why", "label": "为什么没装", "required": True,
                    "shown_if": {"field": "alarm", "equals": "no"},
                },
            ],
        },
    ]
}  # fmt: skip


@pytest.fixture
def database(live_server: Service) -> Iterator[Database]:
    """The running service's own."""
    database = Database(live_server.settings)
    yield database
    database.close()


@pytest.fixture
def ask(database: Database, world: World) -> Callable[..., UUID]:
    """The city asks the shipyard, whose officer has the phones of two demo workers; gives the id of what is asked."""

    def has_reached() -> bool:
        with database.reading() as session:
            return session.scalar(select(Recipient.id)) is not None

    def run_jobs() -> int:
        wait_until(has_reached, "the row that the worker process writes")
        return 1

    def send(form: dict[str, Any] = FORM) -> UUID:
        wiring.wire()
        with database.transaction() as session:
            for person in (world.people.worker, world.people.colleague):
                account_id = world.people.enterprise_reviewer.id
                session.add(LinkedPhone(person_id=person.id, account_id=account_id, linked_at=clock.now()))
        city = actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)
        sender = Sender(database, city, run_jobs)
        return sender.ask(world.unions.shipyard, form=form, due_on=day_of(clock.now()))

    return send


@pytest.fixture
def phone(browser: Browser, live_server: Service) -> Iterator[Callable[..., BrowserContext]]:
    """Opens phones of officers."""
    opened: list[BrowserContext] = []

    def open_one(size: ViewportSize = TALL) -> BrowserContext:
        context = open_phone(browser, live_server.base_url)
        context.on("page", lambda page: page.set_viewport_size(size))
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


def open_task(context: BrowserContext, task: UUID, demo: str = "worker-1") -> Page:
    """The list, and the task that stands there."""
    page = context.new_page()
    page.goto(f"/h5/?demo={demo}")
    page.locator("[data-test=tasks]").click()
    page.locator("[data-test=task]").click()
    expect(page.locator("[data-test=fill]")).to_be_visible()
    return page


def shown(page: Page, name: str) -> Locator:
    return page.locator(f"uni-page-body:visible [data-test={name}]")


def field(page: Page, key: str) -> Locator:
    return shown(page, f"field-{key}")


def fill_others(page: Page) -> None:
    """The second part, as far as it must be filled in."""
    field(page, "rooms").locator("input").fill("12")
    field(page, "alarm").locator("[data-test=choice-yes]").click()


def test_what_was_signed_for_and_answered_without_signal_arrives_once_and_whole_when_it_returns(
    phone: Callable[..., BrowserContext], ask: Callable[[], UUID], database: Database
) -> None:
    task, context = ask(), phone()
    page = open_task(context, task)
    expect(shown(page, "due")).to_have_text("今天截止")
    shown(page, "sign").click()
    expect(shown(page, "received")).to_contain_text("签收")
    context.set_offline(True)
    shown(page, "fill").click()
    expect(shown(page, "progress-text")).to_have_text("已查 0/9")
    for number in range(1, 8):
        field(page, f"c{number}").locator("[data-test=result-passed]").click()
    shown(page, "go-on").click()
    failed = field(page, "c8")
    failed.locator("[data-test=result-failed]").click()
    failed.locator("textarea").fill("门锁坏了")
    with page.expect_file_chooser() as chooser:
        failed.locator("[data-test=add-photo]").click()
    photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": images.jpeg(1).content}
    chooser.value.set_files([photo])
    expect(failed.locator("uni-image.photo")).to_have_count(1)
    shown(page, "after").click()
    fill_others(page)
    expect(shown(page, "progress-text")).to_have_text("已查 9/9")
    shown(page, "send-task").click()
    page.locator(".uni-modal__btn_primary").click()
    expect(shown(page, "waiting")).to_contain_text("0/1 张已上传，等网络恢复后自动续传")
    assert load_draft(database, task) is None
    context.set_offline(False)
    expect(shown(page, "status")).to_contain_text("已提交")
    expect(shown(page, "waiting")).to_have_count(0)
    versions = load_versions(database, task)
    assert [each.answers["rooms"] for each in versions] == [12]
    answer = versions[0].answers["c8"]
    assert (answer["result"], answer["words"], len(answer["photos"])) == ("failed", "门锁坏了", 1)


def test_on_a_small_phone_a_part_is_skipped_and_what_is_missing_is_shown_where_it_is_missing(
    phone: Callable[..., BrowserContext], ask: Callable[[], UUID], database: Database
) -> None:
    task = ask()
    page = open_task(phone(SMALL), task)
    fits(page)
    shown(page, "fill").click()
    expect(field(page, "c1")).to_be_visible()
    fits(page)
    shown(page, "skip").click()
    shown(page, "skip-reason").locator("textarea").fill("没有锅炉")
    shown(page, "after").click()
    field(page, "alarm").locator("[data-test=choice-no]").click()
    fits(page)
    shown(page, "send-task").click()
    expect(field(page, "rooms").locator("[data-test=field-fault]")).to_have_text("这一项要填")
    expect(field(page, "why").locator("[data-test=field-fault]")).to_have_text("这一项要填")
    expect(field(page, "rooms")).to_be_in_viewport()
    fill_others(page)
    expect(field(page, "why")).to_have_count(0)
    shown(page, "send-task").click()
    page.locator(".uni-modal__btn_primary").click()
    expect(shown(page, "status")).to_contain_text("已提交")
    versions = load_versions(database, task)
    assert versions[0].skipped == {"boiler": "没有锅炉"}


def test_what_is_to_be_corrected_stands_beside_its_field_until_it_is(
    phone: Callable[..., BrowserContext], ask: Callable[[], UUID], database: Database, world: World
) -> None:
    task, now = ask(), clock.now()
    unit = actor_at(database, world.people.enterprise_reviewer.id, Role.ENTERPRISE_REVIEWER, world.unions.shipyard)
    city = actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)
    answers, skipped = {"rooms": 12, "alarm": True}, {"boiler": "没有锅炉"}
    with database.transaction() as session:
        body = SubmitIn(key=ids.new_id(), version=0, answers=answers, skipped=skipped)
        submit_response(session, task, body, actor=unit, now=now)
    with database.transaction() as session:
        remarks = {"rooms": "和台账差两间", "boiler": "厂区有一台，请再看"}
        body_of_return = ReturnIn(version=session.get_one(Recipient, task).version, remarks=remarks)
        return_response(session, task, body_of_return, actor=city, now=now)
    page = open_task(phone(), task)
    expect(shown(page, "fill")).to_have_text("去修改")
    shown(page, "fill").click()
    expect(page.locator("uni-page-body:visible")).to_contain_text("审核意见：厂区有一台，请再看")
    shown(page, "after").click()
    expect(field(page, "rooms").locator("[data-test=remark]")).to_have_text("审核意见：和台账差两间")
    expect(shown(page, "remark")).to_have_count(1)
    expect(shown(page, "last-time")).to_have_count(0)
    field(page, "rooms").locator("input").fill("14")
    expect(field(page, "rooms").locator("[data-test=last-time]")).to_have_text("上次交的：12")
    shown(page, "send-task").click()
    page.locator(".uni-modal__btn_primary").click()
    expect(shown(page, "status")).to_contain_text("已提交")
    assert [each.answers["rooms"] for each in load_versions(database, task)] == [12, 14]
    shown(page, "fill").click()
    shown(page, "after").click()
    expect(field(page, "rooms").locator("input")).to_have_value("14")
    expect(shown(page, "remark")).to_have_count(0)


def fits(page: Page) -> None:
    """Nothing is wider than the phone, and a gloved finger hits every button and field."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    small = page.evaluate(
        """least => [...document.querySelectorAll("uni-page-body :is(uni-button, uni-input, [role=switch])")]
        .filter(each => each.offsetParent && each.getBoundingClientRect().height < least)
        .map(each => each.outerHTML.slice(0, 120))""",
        TARGET,
    )
    assert small == []


def test_a_draft_goes_on_on_another_phone_and_what_both_changed_is_asked_about(
    phone: Callable[..., BrowserContext], ask: Callable[[], UUID], database: Database
) -> None:
    task, mine, other = ask(), phone(), phone()
    page = open_task(mine, task)
    shown(page, "fill").click()
    field(page, "c1").locator("[data-test=result-passed]").click()
    expect(shown(page, "saving")).to_contain_text("已保存")
    colleague = open_task(other, task, "worker-2")
    shown(colleague, "fill").click()
    expect(field(colleague, "c1").locator("[data-test=result-passed]")).to_have_attribute("aria-checked", "true")
    mine.set_offline(True)
    field(page, "c1").locator("[data-test=result-not_applicable]").click()
    field(page, "c2").locator("[data-test=result-passed]").click()
    field(colleague, "c1").locator("[data-test=result-cannot_judge]").click()
    field(colleague, "c3").locator("[data-test=result-passed]").click()
    expect(shown(colleague, "saving")).to_contain_text("已保存")
    mine.set_offline(False)
    expect(shown(page, "conflicts")).to_contain_text("第1项门窗完好")
    expect(shown(page, "conflicts")).to_contain_text("不涉及")
    expect(shown(page, "conflicts")).to_contain_text("无法判断")
    shown(page, "take-theirs").click()
    expect(shown(page, "conflicts")).to_have_count(0)
    expect(shown(page, "saving")).to_contain_text("已保存")
    draft = load_draft(database, task)
    assert draft is not None
    assert [draft.answers[key]["result"] for key in ("c1", "c2", "c3")] == ["cannot_judge", "passed", "passed"]
