"""The worker's page for everyone: whoever sees little, has a shaky finger, large type, or no pointer at all.

One walk over all pages asks axe-core, and measures type and targets; one story sends a report by keys alone.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from server.core import clock
from server.core.db import Database
from server.core.ids import new_id
from server.oversight.exams.models import Exam
from tests.e2e.test_quiz_pages import quiz_id
from tests.e2e.test_task_pages import ask, database
from tests.e2e.test_training import session_id
from tests.integration.visits.visiting import Visitor
from tests.support import images
from tests.support.browser import open_phone, watch
from tests.support.callers import Desk, OverHttp
from tests.support.service import Service
from tests.support.versions import version_of
from tests.support.world import World

__all__ = ["ask", "database", "quiz_id", "session_id"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)

SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
AXE = Path(__file__).parents[2] / "miniprogram/checks/node_modules/axe-core/axe.min.js"
SMALL: ViewportSize = {"width": 320, "height": 568}
TARGET, TYPE = 44, 14  # pixels, the least

# What can be tapped and is smaller, and words that are smaller or cut off by a box around them (but for those that end
# in “…”), on what is shown of the page.
MEASURE = """([target, type]) => {
  const shown = (one) => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden";
  const told = (one) => `${one.closest("[class]").className || one.localName} “${one.textContent.trim().slice(0, 12)}”`;
  const controls = document.querySelectorAll("[tabindex='0'], uni-input, uni-textarea, a[href]");
  const small = [...controls].filter(shown).filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width && (Math.round(width) < target || Math.round(height) < target);
  }).map((one) => `${told(one)} ${one.offsetWidth}×${one.offsetHeight}`);
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const tiny = new Set();
  while (words.nextNode()) {
    const one = words.currentNode.parentElement;
    if (!words.currentNode.data.trim() || !shown(one) || /^(script|style|noscript)$/.test(one.localName)) continue;
    const { fontSize } = getComputedStyle(one);
    if (parseFloat(fontSize) < type - 0.01) tiny.add(`${told(one)} ${fontSize}`);
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    const lines = /placeholder/.test(one.className) ? [] : [...range.getClientRects()].filter((line) => line.width > 1);
    for (let box = one; box !== document.body; box = box.parentElement) {
      const { webkitLineClamp, textOverflow, overflowX, overflowY, position } = getComputedStyle(box);
      const { left, right, top, bottom, width } = box.getBoundingClientRect();
      if (webkitLineClamp !== "none" || textOverflow === "ellipsis" || position === "fixed" || width < 2) break;
      if (/auto|scroll/.test(overflowX + overflowY)) break;
      const isCut = (line) => (overflowX !== "visible" && (line.right > right + 1 || line.left < left - 1))
        || (overflowY !== "visible" && (line.bottom > bottom + 3 || line.top < top - 3));
      if (lines.some(isCut)) tiny.add(`${told(one)} cut off by ${box.className || box.localName}`);
    }
  }
  const { scrollWidth } = document.documentElement;
  const wide = scrollWidth > innerWidth ? [`wider than the screen: ${scrollWidth}`] : [];
  return [...small, ...tiny, ...wide];
}"""
ASK_AXE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
  (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary.slice(0, 160)}`)
)"""

CHOICES = [{"key": "coal", "label": "燃煤"}, {"key": "gas", "label": "燃气"}]
OF_CHOICES = {"choices": CHOICES}
COLUMNS = {
    "columns": [{"key": "c", "kind": "text", "label": "编号"}, {"key": "d", "kind": "date", "label": "检验到期"}]
}
KINDS: dict[str, dict[str, Any]] = {
    "date": {}, "time": {}, "text": {}, "prose": {}, "integer": {}, "decimal": {}, "money": {}, "one_of": OF_CHOICES,
    "several_of": OF_CHOICES, "yes_no": {}, "check": {}, "photo": {}, "file": {}, "person": {}, "place": {},
    "table": COLUMNS, "figure": {"figure": "submitted"},
}  # fmt: skip
EVERY_KIND = {
    "sections": [
        {
            "key": "s",
            "title": "样样都有",
            "may_be_skipped": True,
            "fields": [
                {"key": f"k_{kind}", "kind": kind, "label": f"第 {number} 项", **more}
                for number, (kind, more) in enumerate(KINDS.items())
            ],
        }
    ]
}

# Names and what people wrote: nobody puts that into English; nor questions, laws and what a form asks.
OWN_WORDS = re.compile(
    "安全隐患随手拍|中文|蓝海船舶修造有限公司(工会)?|八大湖街道(总工会)?|[青岛本]*市总工会|请联系你所在单位的工会|市南区|赵工|三号车间东门|二楼会议室"
    "|高处坠落|临边、洞口、脚手架|触电|电线、配电箱|火灾|堵塞通道、易燃物|配电箱门敞开，电线裸露|是哪一个车间？|谢谢你，今天就清理。"
    r"|冬季取暖检查|请在期限内填好。|周审|有限空间作业|闯关|第 \d 关"
)
HAS_HAN = re.compile(r"[\u3400-\u9fff]")
ASKING = re.compile("quiz/(practice|daily|play|result)|pages/fill")

# Chinese on what is shown of the page, with the words for who hears it.
HAN = """() => {
  const shown = (one) => one.getClientRects().length && getComputedStyle(one).visibility !== "hidden";
  const said = [...document.querySelectorAll("[aria-label], [alt], [placeholder], [title]")].filter(shown)
    .flatMap((one) => ["aria-label", "alt", "placeholder", "title"].map((name) => one.getAttribute(name) || ""));
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const one = words.currentNode.parentElement;
    if (shown(one) && !/^(script|style|noscript)$/.test(one.localName)) said.push(words.currentNode.data);
  }
  return [...new Set([document.title, ...said])].filter((text) => /[\\u3400-\\u9fff]/.test(text));
}"""

# Pages below in the stack stay in the document, and would be asked about with every page to come.
BELOW = """() => document.querySelectorAll("uni-page[style*='display: none']").forEach(
  (page) => /(home|mine|inbox|profile).index$/.test(page.dataset.page) || page.remove()
)"""
# On the first photo of the one report that the phone keeps.
MARKS = """() => Object.keys(localStorage).filter((key) => /^outbox\\.(?!index)/.test(key))
  .flatMap((key) => JSON.parse(localStorage[key]).data.photos[0].marks.map((mark) => mark.kind))"""
CHANGES = """() => new Promise((done) => {
  let changes = 0;
  new MutationObserver((seen) => (changes += seen.length)).observe(document.body, {attributes: true, subtree: true});
  setTimeout(() => done(changes), 300);
})"""


@pytest.fixture
def phone(browser: Browser, live_server: Service) -> Iterator[Page]:
    """Somebody's phone, at home. At the end: nothing went wrong."""
    context = open_phone(browser, live_server.base_url)
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.set_viewport_size(SMALL)
    troubles = watch(page)
    yield page
    context.close()
    assert troubles == []


def seen(page: Page, selector: str) -> Locator:
    return page.locator(f"uni-page-body:visible {selector}")


def look(page: Page, name: str) -> list[str]:
    """What is wrong with what is on the screen now, for whom it is hard to see and to hit."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"everyone-{name.replace('/', '-').split('?')[0]}.png", full_page=True)
    wrong = [*page.evaluate(ASK_AXE), *page.evaluate(MEASURE, [TARGET, TYPE])]
    page.evaluate("document.documentElement.style.setProperty('--type', '1.3')")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"everyone-{name.replace('/', '-').split('?')[0]}-large.png", full_page=True)
    wrong += page.evaluate(MEASURE, [TARGET, TYPE])
    page.evaluate("document.documentElement.style.setProperty('--type', '1')")
    return [f"{name}: {each}" for each in wrong]


def look_in_english(page: Page, path: str) -> list[str]:
    """What is still Chinese and nobody's own words, and what is too wide."""
    page.goto(f"/h5/#/{path}")
    expect(seen(page, ".page")).to_have_count(1)
    expect(seen(page, "[aria-busy]")).to_have_count(0)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"english-{path.replace('/', '-').split('?')[0]}.png", full_page=True)
    said = [] if ASKING.search(path) else page.evaluate(HAN)
    left = [text for text in said if HAS_HAN.search(OWN_WORDS.sub("", text))]
    page.evaluate(BELOW)
    return [f"{path} in English: {each}" for each in (*left, *page.evaluate(MEASURE, [TARGET, TYPE]))]


@pytest.fixture
def exam_id(database: Database, world: World, quiz_id: UUID, session_id: UUID) -> UUID:
    """The session's test, of the questions that the quiz has."""
    with database.transaction() as session:
        exam = Exam(
            session_id=session_id, quotas=[{"count": 4}], seconds=300, pass_mark=75, tries=2, open_hours=24,
            is_required=True, set_up_by_id=world.people.enterprise_reviewer.id, set_up_at=clock.now(),
        )  # fmt: skip
        session.add(exam)
    return session_id


@pytest.fixture
def visit_id(database: Database, world: World, live_server: Service) -> UUID:
    """A visit planned for today, by a reviewer who goes there with the worker's phone."""
    desk = Desk(OverHttp(live_server.base_url)).sign_in(world.people.town_reviewer)
    visitor = Visitor(
        database, world, lambda who: desk, lambda who: live_server.phone("demo:worker-1"), lambda **how: 0
    )
    visitor.phone()
    return visitor.planned()


@pytest.fixture
def pages(
    live_server: Service, world: World, ask: Callable[..., UUID], quiz_id: UUID, session_id: UUID, exam_id: UUID
) -> list[str]:
    """Every page, with something on it."""
    phone = live_server.phone("demo:worker-1")
    answered, asked = (phone.report(images.jpeg(number), enterprise_id=world.unions.shipyard) for number in (1, 2))
    desk = Desk(OverHttp(live_server.base_url)).sign_in(world.people.town_reviewer)
    for report, move, fields in (
        (answered, "accept", {"grade": "3", "reply": "谢谢你，今天就清理。"}),
        (asked, "return", {"reply": "是哪一个车间？"}),
    ):
        done = desk.post(f"/console/submissions/{report}/{move}", {"version": version_of(desk, report), **fields})
        assert done.status == 303, done.text[:2000]
    attempt, finished = str(new_id()), str(new_id())
    for begun in (finished, attempt):
        phone.put(f"/api/v1/quiz/attempts/{begun}", {"quiz_id": str(quiz_id), "level": 1}).ok()
        phone.put(f"/api/v1/quiz/attempts/{begun}/answers/0", {"chosen": [0]}).ok()
        if begun == finished:
            phone.post(f"/api/v1/quiz/attempts/{begun}/submission", {"answers": []}).ok()
    task = ask(EVERY_KIND)
    return [
        "pages/home/index", "pages/mine/index", "pages/inbox/index", "pages/profile/index",
        f"pages/hazard/detail?id={answered}", f"pages/hazard/detail?id={asked}", f"pages/hazard/answer?id={asked}",
        "pages/hazard/draft", "pages/follows/index", "pages/rewards/index",
        "pages/rewards/points", "pages/rewards/notices", "pages/suggestion/index", "pages/suggestion/form",
        "pages/quiz/index", f"pages/quiz/map?id={quiz_id}", f"pages/quiz/board?id={quiz_id}",
        "pages/quiz/practice", "pages/quiz/daily", f"pages/quiz/play?id={attempt}", f"pages/quiz/result?id={finished}",
        f"pages/quiz/draw?id={quiz_id}", f"pages/hazard/reopen?id={answered}", "cases/pages/list",
        f"training/pages/check-in?id={session_id}",
        "pages/quiz/prizes", "pages/profile/binding", "pages/profile/data", "pages/profile/policy",
        "tasks/pages/list", f"tasks/pages/task?id={task}", f"tasks/pages/fill?id={task}", "tasks/visits/list",
        "training/pages/list", "training/pages/record",
        f"training/pages/exam?id={exam_id}",
        "pages/browse/index", "pages/profile/sign-in", "pages/profile/consent",
    ]  # fmt: skip


def press(page: Page, what: str, key: str = "Enter") -> None:
    """Go to it by Tab alone, as somebody does who has no pointer, and press a key."""
    for _ in range(60):
        if page.evaluate("what => Boolean(document.activeElement.closest(what))", what):
            return page.keyboard.press(key)
        page.keyboard.press("Tab")
    raise AssertionError(f"not to be reached by Tab: {what}, on {page.url}")


def choose_day(page: Page) -> list[str]:
    """By the wheels of the form's first field: opened, turned and taken by keys, and left by Escape."""
    picker, wheel = seen(page, "uni-picker[data-test=answer]").first, page.locator("uni-picker-view-column").first
    press(page, "uni-picker[data-test=answer]")
    expect(wheel).to_be_focused()
    year = (wheel.get_attribute("aria-valuetext") or "").removesuffix("年")
    page.keyboard.press("ArrowDown")
    expect(wheel).to_have_attribute("aria-valuetext", f"{int(year) + 1}年")
    wrong = page.evaluate(ASK_AXE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(picker).to_contain_text(f"{int(year) + 1}-")
    expect(picker).to_be_focused()
    page.keyboard.press("Enter")
    expect(wheel).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(picker).to_contain_text(f"{int(year) + 1}-")
    return [f"wheels: {each}" for each in wrong]


def test_every_page_can_be_read_named_and_hit(phone: Page, pages: list[str]) -> None:
    phone.goto("/h5/?demo=worker-1")
    phone.locator("[data-test=elder]").click()
    assert phone.evaluate("document.documentElement.style.getPropertyValue('--type')") == "1.3"
    wrong = look(phone, "elder")
    phone.goto("/h5/#/pages/profile/index")
    expect(seen(phone, "[data-test=elder]")).to_have_attribute("aria-checked", "true")
    seen(phone, "[data-test=elder]").click()
    for number, path in enumerate(pages):
        phone.emulate_media(color_scheme="dark" if number % 2 else "light")  # the tokens are tried in styles.test.ts
        phone.goto(f"/h5/#/{path}")
        expect(seen(phone, ".page")).to_have_count(1)
        expect(seen(phone, "[aria-busy]")).to_have_count(0)
        wrong += look(phone, path)
        phone.evaluate(BELOW)
        if "tasks/pages/fill" in path:
            wrong += choose_day(phone)
    phone.goto("/h5/#/pages/profile/index")
    seen(phone, "[data-test=language]").click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    for path in pages:
        wrong += look_in_english(phone, path)
    assert not wrong, "\n".join(wrong)


def test_a_visits_record_can_be_read_named_and_hit(phone: Page, visit_id: UUID) -> None:
    path = f"tasks/visits/record?id={visit_id}"
    phone.goto("/h5/?demo=worker-1")
    phone.goto(f"/h5/#/{path}")
    wrong = []
    for tab, begin in (("talks", "add-talk"), ("findings", "add-finding"), ("sign", "")):
        seen(phone, f"[data-test=tab-{tab}]").click()
        if begin:
            seen(phone, f"[data-test={begin}]").click()
        wrong += look(phone, f"visits/{tab}")
    assert not wrong, "\n".join(wrong)


def test_a_report_is_sent_by_keys_alone(phone: Page, world: World) -> None:
    phone.goto("/h5/?demo=worker-1")
    expect(phone.locator("[data-test=camera][tabindex]")).to_be_visible()
    with phone.expect_file_chooser() as chooser:
        press(phone, "[data-test=camera]")
    picture: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": images.bare_jpeg(1).content}
    chooser.value.set_files([picture])
    expect(seen(phone, "[data-test=category-fall][tabindex]")).to_be_visible()
    expect(phone.locator(".uni-toast__content")).to_be_hidden()  # half faded out, its words are pale
    wrong = look(phone, "form") + draw_an_arrow(phone)
    press(phone, ".button.danger")
    expect(phone.get_by_role("dialog")).to_have_accessible_name("不要这条了？")
    expect(phone.locator("uni-modal")).to_have_css("opacity", "1")  # half faded in, its words are pale
    wrong += look(phone, "dialog")
    assert phone.evaluate(CHANGES) < 10, "what gives names answers its own changes for ever"
    for _ in range(5):  # round and round within the dialog
        phone.keyboard.press("Tab")
        assert phone.evaluate("Boolean(document.activeElement.closest('.uni-modal'))")
    press(phone, ".uni-modal__btn_default")
    expect(phone.get_by_role("dialog")).to_have_count(0)
    expect(seen(phone, ".button.danger")).to_be_focused()  # back where it came from
    press(phone, "[data-test=category-fall]", " ")
    press(phone, "[data-test=place]", "3")
    phone.keyboard.type("号车间东门")
    expect(phone.locator("[data-test=send]")).to_have_text("提交隐患")
    press(phone, "[data-test=send]")
    expect(phone.locator("[data-test=sent]")).to_have_text("工会收到了，谢谢你")
    wrong += look(phone, "sent")
    press(phone, "[data-test=follow-up]")
    expect(seen(phone, ".page")).to_contain_text("3号车间东门")  # also what was typed at the last moment
    assert not wrong, "\n".join(wrong)


def draw_an_arrow(page: Page) -> list[str]:
    """Onto the report's photo: the cross is moved, put down and lifted by keys; what was drawn too much is undone."""
    press(page, "[data-test=edit-photo]")
    expect(page.locator("#board canvas")).to_have_role("application")
    press(page, "#board canvas", "ArrowUp")
    expect(page.locator(".editor .hint")).to_contain_text("方向键")
    for key in ("Enter", "Shift+ArrowRight", "Shift+ArrowDown", "Enter", "Enter", "Shift+ArrowUp", "Enter"):
        page.keyboard.press(key)
    wrong = look(page, "editor")
    page.keyboard.press("Backspace")
    press(page, "[data-test=drawn]")
    expect(seen(page, "[data-test=edit-photo]")).to_be_visible()
    assert page.evaluate(MARKS) == ["arrow"]
    return wrong


@pytest.mark.usefixtures("world")
def test_a_report_is_sent_in_english(phone: Page) -> None:
    phone.goto("/h5/?demo=worker-1")
    seen(phone, "[data-test=language]").click()
    expect(phone.locator("html")).to_have_attribute("lang", "en")
    expect(phone.locator(".uni-tabbar")).to_have_text("HomeReportsMessagesMe")
    with phone.expect_file_chooser() as chooser:
        phone.get_by_role("button", name="Report a hazard").click()
    picture: FilePayload = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": images.bare_jpeg(2).content}
    chooser.value.set_files([picture])
    expect(phone).to_have_title("Report a hazard")
    expect(seen(phone, "[data-test=category-fall]")).to_be_visible()
    assert look(phone, "english-form") == []
    seen(phone, "[data-test=category-fall]").click()
    expect(seen(phone, "[data-test=mine]")).to_be_visible()
    seen(phone, "[data-test=place] input").fill("East gate, workshop 3")
    expect(phone.locator("[data-test=send]")).to_have_text("Submit hazard")
    phone.locator("[data-test=send]").click()
    expect(phone.locator("[data-test=sent]")).to_have_text("The union has received it. Thank you")
    phone.goto("/h5/#/pages/profile/index")
    seen(phone, "[data-test=language]").click()
    expect(phone.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(seen(phone, "[data-test=language]")).to_have_text("English")
