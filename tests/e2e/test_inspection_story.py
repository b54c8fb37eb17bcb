"""An inspection from end to end: sent down, answered on the phone without signal, put right, accepted, added up, and in
the closing report."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from sqlalchemy import select

from server import wiring
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.findings.models import Finding
from server.assignments.rollup.jobs import add_up_changed
from server.core import clock
from server.core.clock import day_of
from server.core.db import Database
from server.oversight.summaries.queries import ready_form
from server.unions.roles import Role
from server.unions.scans.models import LinkedPhone
from server.unions.tree.lookup.traits import traits
from tests.e2e.test_console_pages import Opened, console
from tests.e2e.test_reward_story import confirm
from tests.support.browser import open_phone, watch
from tests.support.figures import count_figures
from tests.support.pictures import drawn
from tests.support.servers import wait_until
from tests.support.service import Service
from tests.support.tasks import Sender, actor_at
from tests.support.world import World

__all__ = ["console"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
HAS = "dormitory"
TITLE = "冬季取暖安全检查"
REPORT = {
    "deployment": "十一月开会部署。", "measures_text": "查了宿舍取暖。", "problems_text": "人手少。",
    "results_text": "共上报 {{隐患上报数}} 件，销号 {{隐患销号数}} 件。", "next_text": "再查一遍。",
}  # fmt: skip


@pytest.fixture
def database(live_server: Service) -> Iterator[Database]:
    """The running service's own."""
    wiring.wire()
    database = Database(live_server.settings)
    yield database
    database.close()


@pytest.fixture
def phone(browser: Browser, live_server: Service, world: World, database: Database) -> Iterator[Page]:
    """The phone of the shipyard's officer."""
    account_id = world.people.enterprise_reviewer.id
    with database.transaction() as session:
        session.add(LinkedPhone(person_id=world.people.worker.id, account_id=account_id, linked_at=clock.now()))
    context = open_phone(browser, live_server.base_url)
    page = context.new_page()
    page.set_viewport_size({"width": 375, "height": 812})
    troubles = watch(page)
    yield page
    context.close()
    assert [each for each in troubles if "ERR_INTERNET_DISCONNECTED" not in each] == []


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page when somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"inspection-{name}.png", full_page=True)


def waits(database: Database, found: Callable[..., object], what: str) -> None:
    """Until the worker has written it."""

    def is_there() -> bool:
        with database.reading() as session:
            return bool(found(session))

    wait_until(is_there, what)


def follow(page: Page, link: Locator) -> None:
    """Click what leads to another page, and wait until that has loaded: keys, dialogs and panels are its scripts', and
    a click or a key that comes before them is lost."""
    with page.expect_navigation():
        link.click()


def send_down(city: Page, database: Database) -> None:
    """The ready form becomes the city's, and goes to its enterprises."""
    city.goto("/console/inspections")
    city.get_by_role("button", name="复制成我的表单").click()
    city.wait_for_url("**/console/forms/*")
    city.goto("/console/assignments/new?kind=inspection")
    city.get_by_label("标题").fill(TITLE)
    city.get_by_label("要填的表单").select_option(index=1)
    city.get_by_label("截止日期").fill(day_of(clock.now()).isoformat())
    for level in ("district", "town", "enterprise"):
        city.locator(f"input[name=levels][value={level}]").set_checked(level == "enterprise")
    shoot(city, "1-draft")
    follow(city, city.get_by_role("button", name="下一步"))
    shoot(city, "2-whom")
    city.get_by_role("button", name="发给 3 个单位").dblclick()  # as some do: the question stays
    confirm(city)
    waits(database, lambda session: session.scalar(select(Recipient.id).limit(1)), "those who are asked")


def shown(page: Page, name: str) -> Locator:
    return page.locator(f"uni-page-body:visible [data-test={name}]")


def say_what_it_has(phone: Page) -> None:
    """Asked before anything else: by it only that part of the form is left which concerns the enterprise."""
    phone.goto("/h5/?demo=worker-1")
    phone.locator("[data-test=tasks]").click()
    phone.locator("[data-test=task]").click()
    shown(phone, "sign").click()
    expect(shown(phone, "received")).to_be_visible()
    shoot(phone, "3-task")
    shown(phone, "ask-first").click()
    expect(shown(phone, "traits-done")).to_contain_text(f"还有 {len(traits())} 个没答")
    for left, code in enumerate(reversed([*traits()]), start=1):
        shown(phone, f"trait-{code}").locator(f"[data-test=choice-{'yes' if code == HAS else 'no'}]").click()
        expect(shown(phone, "traits-done")).to_contain_text(
            "答完了" if left == len(traits()) else f"还有 {len(traits()) - left} 个"
        )
    shoot(phone, "4-traits")
    shown(phone, "traits-done").click()
    expect(shown(phone, "ask-first")).to_have_count(0)
    expect(shown(phone, "progress-text")).to_have_text("已查 0/15")


def answer_without_signal(phone: Page) -> None:
    """All but one item passes; what failed has a photo. It is sent when the signal is back."""
    phone.context.set_offline(True)
    shown(phone, "fill").click()
    for number in range(1, 16):
        shown(phone, f"field-e{number}").locator(f"[data-test=result-{'failed' if number == 1 else 'passed'}]").click()
    failed = shown(phone, "field-e1")
    failed.locator("textarea").fill("宿舍里还在用煤炉")
    with phone.expect_file_chooser() as chooser:
        failed.locator("[data-test=add-photo]").click()
    photo: FilePayload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": drawn("distribution box", 3)}
    chooser.value.set_files([photo])
    expect(failed.locator("uni-image.photo")).to_have_count(1)
    shoot(phone, "5-filled")
    shown(phone, "send-task").click()
    phone.locator(".uni-modal__btn_primary").click()
    expect(shown(phone, "waiting")).to_contain_text("0/1 张已上传，等网络恢复后自动续传")
    shoot(phone, "6-waiting")
    phone.context.set_offline(False)
    expect(shown(phone, "status")).to_contain_text("已提交")


def put_right(town: Page, enterprise: Page, photo: Path) -> None:
    """The failed item is a hazard in the queue of the union above, is suggested to be put right, and is."""
    town.goto("/console/queue")
    follow(town, town.locator("a[data-open]").first)
    expect(town.locator("[data-bar]")).to_be_visible()
    shoot(town, "7-hazard")
    town.keyboard.press("2")
    with town.expect_navigation():
        town.keyboard.press("Control+Enter")
    enterprise.goto("/console/rectifications")
    follow(enterprise, enterprise.locator("a[data-open]").first)
    enterprise.get_by_role("button", name="提交整改结果").click()
    enterprise.get_by_label("怎么整改的").fill("煤炉已收走，换成了暖气片")
    enterprise.get_by_label("整改后的照片").set_input_files([photo])
    enterprise.get_by_role("button", name="上传并提交").click()
    expect(enterprise.locator(".rectification-chips")).to_contain_text("待复查")
    town.goto("/console/rectifications?status=submitted")
    follow(town, town.locator("a[data-open]").first)
    town.keyboard.press("a")
    town.get_by_label("到现场看过").check()
    with town.expect_navigation():
        town.keyboard.press("Control+Enter")


def ask_for_report(database: Database, world: World) -> UUID:
    """The city asks the town for a closing report of this year; gives what the town is asked."""
    actor = actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)
    form = ready_form().model_dump(mode="json")

    def reach() -> int:
        asked = select(Recipient.id).where(Recipient.union_id == world.unions.seaside)
        waits(database, lambda session: session.scalar(asked), "the town's row")
        return 1

    today = day_of(clock.now())
    details = {"since": today.replace(month=1, day=1).isoformat(), "until": today.isoformat()}
    sender = Sender(database, actor, reach)
    return sender.ask(world.unions.seaside, kind="summary", title="安全生产活动总结", form=form, details=details)


def test_an_inspection_sent_down_comes_back_puts_a_hazard_right_and_is_in_the_closing_report(
    console: Opened, phone: Page, database: Database, world: World, tmp_path: Path
) -> None:
    people = world.people
    city = console(people.city_reviewer)
    send_down(city, database)
    say_what_it_has(phone)
    answer_without_signal(phone)
    waits(database, lambda session: session.scalar(select(Finding.submission_id).limit(1)), "the hazard")
    after = tmp_path / "after.jpg"
    after.write_bytes(drawn("blocked exit", 1))
    town = console(people.town_reviewer)
    put_right(town, console(people.enterprise_reviewer), after)

    city.goto("/console/tasks/check")
    follow(city, city.locator("a[data-open]"))
    expect(city.locator("main")).to_contain_text("已销号")
    shoot(city, "8-check")
    with city.expect_navigation():
        city.keyboard.press("a")
    with database.reading() as session:
        inspection = session.scalars(select(Assignment.id)).one()
    add_up_changed(database)
    city.goto(f"/console/assignments/rollup?assignment={inspection}")
    shoot(city, "9-rollup")
    city.goto(f"/console/inspections/{inspection}")
    expect(city.get_by_role("row", name="市南区总工会")).to_have_text(re.compile(r"工会\s+2\s+1\s+0\s+1\s+1\s*$"))
    shoot(city, "10-progress")

    count_figures(database)
    report = ask_for_report(database, world)
    town.goto(f"/console/tasks/{report}")
    for name, words in REPORT.items():
        town.locator(f"textarea[name={name}]").fill(words)
    shoot(town, "11-report")
    town.get_by_role("button", name="提交", exact=True).click()
    expect(town.locator(".rectification-chips")).to_contain_text("已提交")
    city.goto(f"/console/tasks/{report}/check")
    with city.expect_navigation():
        city.keyboard.press("a")
    add_up_changed(database)  # the worker's job comes within twenty seconds
    city.goto("/console/summaries")
    city.get_by_role("link", name="总结").last.click()
    for label in ("隐患上报数", "隐患受理数", "隐患销号数"):
        expect(city.get_by_role("row", name=label).get_by_role("cell").nth(1)).to_have_text("1")
    follow(city, city.get_by_role("link", name="选段落和照片"))
    city.get_by_label(re.compile("共上报 1 件，销号 1 件。")).check()
    follow(city, city.get_by_role("button", name="选入"))
    city.get_by_role("link", name="看选好的").click()
    expect(city.locator("#picked")).to_contain_text("共上报 1 件，销号 1 件。")
    for paper in ("生成报告", "一页简报"):
        with city.expect_download():
            city.get_by_role("button", name=paper).click()
        expect(city.locator("[aria-busy]")).to_have_count(0)
    shoot(city, "12-compiled")
