"""From an empty profile: consent is asked for before anybody signs in; without it one may look, and nothing else."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from server.core.db import Database
from server.unions.consents.models import PrivacyConsent
from server.unions.people.models import Person, WechatIdentity
from tests.support.browser import open_phone, watch
from tests.support.service import Service
from tests.support.world import POLICY_VERSION

SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
ASKED = "先看一看：你的信息怎么用"
PUBLIC = ("/api/v1/privacy", "/api/v1/privacy/policy", "/api/v1/campaign")


@pytest.fixture
def empty(browser: Browser, live_server: Service) -> Iterator[Page]:
    """A phone on which nobody has ever opened the page. At the end: nothing went wrong."""
    context = open_phone(browser, live_server.base_url, has_agreed=False)
    page = context.new_page()
    page.set_viewport_size({"width": 375, "height": 812})
    troubles = watch(page)
    yield page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
    context.close()
    assert troubles == []


def calls_of(page: Page) -> list[str]:
    """Every call of the service's API that the page makes from now on."""
    calls: list[str] = []
    page.on("request", lambda made: calls.append(made.url.split("?")[0]) if "/api/" in made.url else None)
    return calls


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.wait_for_timeout(500)
        page.screenshot(path=Path(SHOTS) / f"consent-{name}.png", full_page=True)


def count(server: Service, table: type) -> int:
    database = Database(server.settings)
    try:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0
    finally:
        database.close()


@pytest.mark.parametrize(
    "path",
    [
        "/h5/",
        "/h5/?demo=worker-9",
        "/h5/#/pages/profile/sign-in",
        "/h5/#/pages/profile/wechat",
        "/h5/#/pages/profile/binding?scene=e%3DLANHAI01",
        "/h5/#/pages/hazard/draft?d=01a20ae1-8e1a-7b2c-9d3e-0123456789ab.a-K_9",
        "/h5/#/pages/quiz/index",
    ],
)
def test_the_first_opening_asks_for_consent_wherever_it_leads_and_nobody_is_recognised_before(
    empty: Page, live_server: Service, path: str
) -> None:
    known = count(live_server, Person), count(live_server, WechatIdentity)
    calls = calls_of(empty)
    empty.goto(path)
    expect(empty.get_by_text(ASKED)).to_be_visible()
    empty.wait_for_timeout(500)
    expect(empty.get_by_text(ASKED)).to_be_visible()  # and nothing comes to stand before it
    assert [call for call in calls if not call.endswith(PUBLIC)] == []
    assert (count(live_server, Person), count(live_server, WechatIdentity)) == known


def test_whoever_does_not_agree_can_look_and_is_neither_known_nor_asked_again(
    empty: Page, live_server: Service
) -> None:
    calls = calls_of(empty)
    empty.goto("/h5/")
    shoot(empty, "asked")
    empty.locator("[data-test=refuse]").click()
    expect(empty.locator("[data-test=campaign]")).to_contain_text("安全隐患随手拍")
    expect(empty.get_by_text("高处坠落")).to_be_visible()
    expect(empty.locator("[data-test=camera]")).to_have_count(0)
    shoot(empty, "browse")
    empty.goto("/h5/#/pages/home/index")
    empty.reload()
    expect(empty.locator("[data-test=to-consent]")).to_be_visible()
    expect(empty.get_by_text(ASKED)).to_have_count(0)
    assert [call for call in calls if not call.endswith(PUBLIC)] == []
    empty.locator("[data-test=to-consent]").click()
    expect(empty.get_by_text(ASKED)).to_be_visible()


def test_consent_is_asked_once_and_kept_by_the_service_and_can_be_taken_back(empty: Page, live_server: Service) -> None:
    held = count(live_server, PrivacyConsent)
    empty.goto("/h5/")
    empty.locator("[data-test=agree]").click()
    empty.locator("[data-test=worker-3]").click()
    expect(empty.locator("[data-test=camera]")).to_be_visible()
    empty.goto("/h5/#/pages/profile/data")
    empty.reload()
    expect(empty.get_by_text("存了我的哪些信息")).to_be_visible()
    expect(empty.get_by_text("年11月1日同意")).to_be_visible()  # the worker of this world agreed long ago: kept once
    assert count(live_server, PrivacyConsent) == held
    empty.locator("[data-test=export]").click()
    expect(empty.locator("[data-test=download]")).to_be_visible()
    empty.locator("[data-test=disagree]").click()
    empty.locator(".uni-modal__btn", has_text="不再同意").click()
    expect(empty.locator("[data-test=to-consent]")).to_be_visible()
    assert live_server_consents(live_server, "worker-3") == [False]
    empty.locator("[data-test=to-consent]").click()
    empty.locator("[data-test=agree]").click()
    empty.locator("[data-test=worker-3]").click()
    expect(empty.locator("[data-test=camera]")).to_be_visible()
    assert live_server_consents(live_server, "worker-3") == [False, True]


def live_server_consents(server: Service, demo: str) -> list[bool]:
    """Whether each consent of that worker to the present policy holds, the oldest first."""
    database = Database(server.settings)
    try:
        with database.reading() as session:
            rows = session.scalars(
                select(PrivacyConsent.withdrawn_at)
                .join(WechatIdentity, WechatIdentity.person_id == PrivacyConsent.person_id)
                .where(WechatIdentity.openid == demo, PrivacyConsent.version == POLICY_VERSION)
                .order_by(PrivacyConsent.agreed_at)
            )
            return [withdrawn_at is None for withdrawn_at in rows]
    finally:
        database.close()


def test_a_poster_scanned_on_a_new_phone_leads_through_consent_and_sign_in_to_its_enterprise(empty: Page) -> None:
    empty.goto("/h5/#/pages/profile/binding?scene=e%3DLANHAI01")
    empty.locator("[data-test=agree]").click()
    empty.locator("[data-test=worker-3]").click()
    expect(empty.get_by_text("蓝海船舶修造有限公司").first).to_be_visible()
