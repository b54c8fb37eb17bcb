"""The law quiz on a worker's phone: without signal, on another phone, result, practice, boards, certificate."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from sqlalchemy import func, select, update

from server.activities.quiz.attempts.models import Attempt
from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.standings import jobs
from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.storage.factory import open_store
from tests.support.browser import open_phone, watch
from tests.support.quizzes import QUESTIONS, add_quiz, right_places, shipped_questions
from tests.support.service import Service
from tests.support.world import World

pytestmark = [pytest.mark.parametrize("backend", ["embedded"], indirect=True), pytest.mark.browser]
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
# What a browser says of a line that a test has cut, of an answer that came too late, and of a certificate that is
# still being drawn. Any other 503 is told with its address by `watch`.
EXPECTED = re.compile(r"ERR_INTERNET_DISCONNECTED|409 \(CONFLICT\)|^503 \S+/certificates/\S+/image$|status of 503")
SMALL: ViewportSize = {"width": 375, "height": 812}


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page when somebody wants to look at it."""
    if not SHOTS:
        return
    page.wait_for_timeout(600)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.wait_for_timeout(200)
        page.screenshot(path=Path(SHOTS) / f"quiz-{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")


@pytest.fixture
def database(live_server: Service) -> Iterator[Database]:
    database = Database(live_server.settings)
    yield database
    database.close()


@pytest.fixture
def quiz_id(database: Database, world: World) -> UUID:
    """Two levels, the second open to those who pass the first."""
    with database.transaction() as session:
        load_shipped(session, shipped_questions()[:60], now=clock.now())
        return add_quiz(session, world.campaign_id, seconds=600)


@pytest.fixture
def phones(browser: Browser, live_server: Service) -> Iterator[Callable[[], Page]]:
    """`phones()`: another phone of worker-1, on the home page. At the end: nothing went wrong, nothing too wide."""
    opened: list[tuple[Page, list[str]]] = []

    def open_another() -> Page:
        page = open_phone(browser, live_server.base_url).new_page()
        page.set_viewport_size(SMALL)
        opened.append((page, watch(page)))
        page.goto("/h5/?demo=worker-1")
        expect(page.locator("[data-test=camera]")).to_be_visible()
        return page

    yield open_another
    for page, _ in opened:
        if not page.is_closed():
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        page.context.close()
    troubles = [trouble for _, known in opened for trouble in known]
    assert [trouble for trouble in troubles if not EXPECTED.search(trouble)] == []


def seen(page: Page, selector: str) -> Locator:
    """On the page that is on the screen: those below it in the stack stay in the document."""
    return page.locator(f"uni-page-body:visible {selector}")


def begin(page: Page, level: int) -> UUID:
    """Begin a level from the map; the attempt's id."""
    seen(page, f".t-level-{level}").click()
    page.locator(".uni-modal__btn", has_text="开始").click()
    expect(seen(page, "[data-test=clock]")).to_contain_text(":")
    found = re.search(r"play\?id=([0-9a-f-]{36})", page.url)
    assert found is not None, page.url
    return UUID(found[1])


def tick(page: Page, places: list[int]) -> None:
    for place in places:
        seen(page, f"[data-test=option-{place}]").click()


def answer_all(page: Page, rights: list[list[int]], *, first: int = 0) -> None:
    """Where one option is right the next question comes by itself."""
    for position, places in enumerate(rights[first:], start=first):
        expect(seen(page, ".place")).to_contain_text(f" {position + 1}/")
        is_multiple = seen(page, "[role=group]").count() == 1
        tick(page, places)
        if is_multiple and position < len(rights) - 1:
            seen(page, "[data-test=next]").click()


def hand_in(page: Page) -> None:
    seen(page, "[data-test=submit]").click()
    page.locator(".uni-modal__btn", has_text="交卷").click()
    expect(seen(page, "[data-test=score]")).to_be_visible()


def to_map(page: Page, quiz_id: UUID) -> None:
    page.goto(f"/h5/#/pages/quiz/map?id={quiz_id}")
    expect(seen(page, "[data-test=level-1]")).to_be_visible()


def test_answers_given_without_signal_are_kept_and_the_level_goes_on_on_another_phone(
    phones: Callable[[], Page], database: Database, quiz_id: UUID
) -> None:
    page = phones()
    page.locator("[data-test=tile-trophy]").click()
    seen(page, "[data-test=quiz]").click()
    expect(seen(page, "[data-test=level-2]")).not_to_contain_text("开始")
    shoot(page, "map")
    attempt_id = begin(page, 1)
    with database.reading() as session:
        rights = right_places(session, attempt_id)
    page.context.set_offline(True)
    tick(page, rights[0])
    expect(seen(page, "[data-test=keeping]")).to_contain_text("已存在手机里")
    shoot(page, "offline")
    context = page.context
    page.close()  # the app is killed
    context.set_offline(False)
    page = context.new_page()
    page.goto(f"/h5/#/pages/quiz/play?id={attempt_id}")
    expect(seen(page, "[data-test=keeping]")).to_have_text("已保存")
    with database.reading() as session:
        assert list(session.get_one(Attempt, attempt_id).answers) == ["0"]

    other = phones()
    to_map(other, quiz_id)
    seen(other, ".t-level-1").click()
    expect(seen(other, "[data-test=clock]")).to_contain_text(":")
    answer_all(other, rights, first=1)
    seen(other, "[data-test=card]").click()
    expect(seen(other, "[data-test^=cell-].done")).to_have_count(QUESTIONS)
    shoot(other, "card")
    seen(other, "[data-test=card-submit]").click()
    other.locator(".uni-modal__btn", has_text="交卷").click()
    expect(seen(other, "[data-test=score]")).to_contain_text("100")


def test_a_worker_passes_every_level_learns_from_what_was_wrong_and_gets_a_certificate(
    phones: Callable[[], Page], live_server: Service, database: Database, quiz_id: UUID
) -> None:
    page = phones()
    to_map(page, quiz_id)
    attempt_id = begin(page, 1)
    with database.reading() as session:
        rights = right_places(session, attempt_id)
    wrong = next([place] for place in range(2) if [place] != rights[0])
    shoot(page, "question")
    answer_all(page, [wrong, *rights[1:]])
    hand_in(page)
    expect(seen(page, "[data-test=score]")).to_contain_text("75")
    expect(seen(page, "[data-test=praise]")).to_contain_text("过关了")
    expect(seen(page, "[data-test=why]")).to_have_count(QUESTIONS)
    seen(page, "[data-test=only-wrong]").click()
    expect(seen(page, "[data-test=graded]")).to_have_count(1)
    expect(seen(page, "[data-test=graded]")).to_contain_text("条")  # the article that it rests on
    shoot(page, "result")

    seen(page, "[data-test=practise]").click()
    expect(seen(page, "[data-test=due]")).to_be_visible()  # a job puts it there
    seen(page, "[data-test=option-0]").click()
    seen(page, "[data-test=answer]").click()
    expect(seen(page, "[data-test=verdict]")).to_be_visible()
    shoot(page, "practice")

    page.goto("/h5/#/pages/quiz/index")
    seen(page, "[data-test=daily]").click()
    seen(page, "[data-test=option-0]").click()
    seen(page, "[data-test=answer]").click()
    expect(seen(page, "[data-test=verdict]")).to_be_visible()
    seen(page, "[data-test=keep-streak]").click()
    expect(seen(page, "[data-test=keep-streak]")).to_have_attribute("aria-checked", "false")
    shoot(page, "daily")

    to_map(page, quiz_id)
    expect(seen(page, "[data-test=level-2] [data-test=here]")).to_be_visible()
    shoot(page, "path")
    attempt_id = begin(page, 2)
    with database.reading() as session:
        rights = right_places(session, attempt_id)
    answer_all(page, rights)
    hand_in(page)
    shoot(page, "three-stars")
    seen(page, "[data-test=to-map]").click()
    expect(seen(page, ".done.line")).to_contain_text("全部通过")
    seen(page, "[data-test=to-prizes]").click()
    expect(seen(page, "[data-test=certificate-picture]")).to_be_visible()  # the worker draws it
    code = seen(page, "[data-test=certificate-code]").inner_text()
    shoot(page, "certificate")
    assert code.replace(" ", "")

    jobs.compute_boards(JobContext(live_server.settings, database, open_store(live_server.settings)))
    page.goto(f"/h5/#/pages/quiz/board?id={quiz_id}")
    expect(seen(page, "[data-test=listing]")).to_contain_text("参加个人榜")
    expect(seen(page, "[data-test=mine]")).to_have_count(0)  # nobody is on it who did not join
    seen(page, "[data-test=listing] [role=switch]").click()
    expect(page.get_by_text("已参加，几分钟后出现在榜上")).to_be_visible()
    jobs.compute_boards(JobContext(live_server.settings, database, open_store(live_server.settings)))
    page.reload()
    expect(seen(page, "[data-test=mine]")).to_contain_text("175")
    for board in ("enterprises", "districts", "people"):
        seen(page, f"[data-test=board-{board}]").click()
        expect(seen(page, "[data-test=place]").first).to_be_visible()
    shoot(page, "board")


def test_an_attempt_whose_time_is_over_hands_itself_in_whatever_the_phone_takes_the_time_for(
    phones: Callable[[], Page], database: Database, quiz_id: UUID
) -> None:
    page = phones()
    to_map(page, quiz_id)
    attempt_id = begin(page, 1)
    tick(page, [0])
    expect(seen(page, "[data-test=keeping]")).to_have_text("已保存")
    # The phone still counts minutes; the server's time is over. The next answer comes too late.
    over = update(Attempt).where(Attempt.id == attempt_id).values(deadline_at=clock.now() - timedelta(seconds=1))
    with database.transaction() as session:
        session.execute(over)
    seen(page, "[data-test=next]").click()
    tick(page, [0])
    expect(seen(page, "[data-test=score]")).to_be_visible()


def test_without_signal_the_map_says_so_and_no_level_begins(
    phones: Callable[[], Page], database: Database, quiz_id: UUID
) -> None:
    page = phones()
    to_map(page, quiz_id)
    seen(page, "[data-test=to-board]").click()
    expect(seen(page, "[data-test=listing]")).to_be_visible()
    page.context.set_offline(True)
    page.go_back()
    expect(page.get_by_text("没有网络。没交卷的可以接着答")).to_be_visible()
    seen(page, ".t-level-1").click()
    page.locator(".uni-modal__btn", has_text="开始").click()
    expect(page.get_by_text("没有网络，还没有开始")).to_be_visible()
    with database.reading() as session:
        assert session.scalar(select(func.count(Attempt.id))) == 0
