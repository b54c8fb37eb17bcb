"""The H5 page within WeChat: to WeChat's page and back, the token, and whoever tries to get in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text

from server.core import clock
from server.core.db import Database
from server.unions.oauth.models import OauthVisit
from server.unions.people.models import Person
from tests.integration.sign_in.conftest import OFFICIAL, SITE, browser_at
from tests.simulators.wechat.state import Fault, State
from tests.support.callers import Answer, InProcess, Phone

PAGE = "/h5/#/pages/profile/wechat"


def set_out(browser: InProcess) -> str:
    """Begin; returns the state that goes to WeChat."""
    answer = browser.send("GET", "/sign-in/wechat")
    assert answer.status == 303
    asked = urlsplit(answer.headers["Location"])
    assert (asked.netloc, asked.path) == ("open.weixin.qq.com", "/connect/oauth2/authorize")
    query = parse_qs(asked.query)
    assert query["appid"] == [OFFICIAL]
    assert query["redirect_uri"] == [f"{SITE}/sign-in/wechat/return"]
    return query["state"][0]


def come_back(browser: InProcess, state: str, code: str) -> Answer:
    return browser.send("GET", f"/sign-in/wechat/return?code={code}&state={state}")


def take(browser: InProcess) -> Answer:
    return Phone(browser).post("/api/v1/sign-in/wechat")


@pytest.fixture
def browser(wechat_app: Flask) -> InProcess:
    return in_browser(wechat_app)


def in_browser(app: Flask) -> InProcess:
    return browser_at(app, **{"wsgi.url_scheme": "https"})


def test_a_visitor_within_wechat_gets_an_ordinary_token(browser: InProcess, wechat: State) -> None:
    answer = come_back(browser, set_out(browser), wechat.new_code("oauth", "o-1"))
    assert (answer.status, answer.headers["Location"]) == (303, PAGE)
    token = take(browser).ok().json["token"]
    assert Phone(browser, token).get("/api/v1/me").status == 200


def test_nobody_becomes_a_person_before_the_page_that_asks_for_consent_takes_the_token(
    browser: InProcess, wechat: State, wechat_app: Flask
) -> None:
    """WeChat's way back can be opened by anybody, without the page that asks."""
    database: Database = wechat_app.extensions["database"]

    def people() -> int:
        with database.reading() as session:
            return session.scalar(select(func.count()).select_from(Person)) or 0

    before, open_id = people(), "o-longer-than-chance-writes-it"
    come_back(browser, set_out(browser), wechat.new_code("oauth", open_id))
    assert people() == before
    with database.engine.connect() as connection:
        assert open_id not in str(connection.execute(text("SELECT * FROM oauth_visits")).all())
    take(browser).ok()
    assert people() == before + 1
    with database.reading() as session:
        assert session.scalars(select(OauthVisit)).one().recognised is None


def test_no_address_and_no_header_holds_the_token(browser: InProcess, wechat: State) -> None:
    home = come_back(browser, set_out(browser), wechat.new_code("oauth", "o-1"))
    answer = take(browser).ok()
    token = answer.json["token"]
    assert answer.headers["Cache-Control"] == "no-store"
    for seen in (home.headers["Location"], str(home.headers), str(answer.headers), home.text):
        assert token not in seen


def test_it_is_the_person_of_the_mini_program_by_the_unionid(browser: InProcess, wechat: State) -> None:
    wechat.unionids.update({"o-mini": "u-1", "o-official": "u-1"})
    mini = Phone(browser).sign_in(wechat.new_code("login", "o-mini")).get("/api/v1/me").json["id"]
    come_back(browser, set_out(browser), wechat.new_code("oauth", "o-official"))
    assert take(browser).ok().json["person"]["id"] == mini


def test_a_stolen_state_is_no_good_in_another_browser(wechat_app: Flask, browser: InProcess, wechat: State) -> None:
    """A link with the attacker's own code signs nobody in as the attacker, and the other way round."""
    other = in_browser(wechat_app)
    state = set_out(browser)
    set_out(other)
    answer = come_back(other, state, wechat.new_code("oauth", "o-attacker"))
    assert answer.headers["Location"] == f"{PAGE}?fault=oauth_expired"
    assert take(other).status == 401
    come_back(browser, state, wechat.new_code("oauth", "o-1"))
    assert take(other).status == 401
    assert take(browser).status == 200


@pytest.mark.parametrize("state", ["", "x", "x" * 43, "x" * 5000])
def test_a_made_up_state_is_refused_and_wechat_not_asked(browser: InProcess, wechat: State, state: str) -> None:
    set_out(browser)
    answer = come_back(browser, state, wechat.new_code("oauth", "o-1"))
    assert answer.headers["Location"] == f"{PAGE}?fault=oauth_expired"
    assert wechat.calls["/sns/oauth2/access_token"] == 0


def test_a_state_is_good_once_but_a_page_loaded_twice_does_no_harm(browser: InProcess, wechat: State) -> None:
    state, code = set_out(browser), wechat.new_code("oauth", "o-1")
    come_back(browser, state, code)
    assert come_back(browser, state, code).headers["Location"] == PAGE
    assert wechat.calls["/sns/oauth2/access_token"] == 1
    take(browser).ok()
    assert come_back(browser, state, code).headers["Location"] == f"{PAGE}?fault=oauth_expired"


def test_the_token_is_handed_over_once_even_to_many_at_the_same_moment(
    wechat_app: Flask, browser: InProcess, wechat: State
) -> None:
    come_back(browser, set_out(browser), wechat.new_code("oauth", "o-1"))
    cookie = browser.client.get_cookie("ssp_oauth", path="/")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.secure

    def knock(_number: int) -> int:
        other = in_browser(wechat_app)
        other.client.set_cookie("ssp_oauth", cookie.value, path="/")
        return take(other).status

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(knock, range(6))) == [200] + [401] * 5


@pytest.mark.parametrize(("before", "minutes"), [("return", 11), ("take", 3)])
def test_who_takes_too_long_begins_again(browser: InProcess, wechat: State, before: str, minutes: int) -> None:
    state = set_out(browser)
    if before == "take":
        come_back(browser, state, wechat.new_code("oauth", "o-1"))
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
        if before == "return":
            assert "fault=oauth_expired" in come_back(browser, state, "c").headers["Location"]
        assert take(browser).status == 401


def test_wechats_refusal_and_bad_days_lead_back_to_the_page(
    browser: InProcess, wechat: State, wechat_app: Flask
) -> None:
    database: Database = wechat_app.extensions["database"]
    with database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Person))
    assert "fault=wechat_code_invalid" in come_back(browser, set_out(browser), "made-up").headers["Location"]
    assert "fault=oauth_refused" in come_back(browser, set_out(browser), "").headers["Location"]
    wechat.faults.append(Fault("html", "/sns/oauth2/access_token"))
    assert "fault=wechat_unavailable" in come_back(browser, set_out(browser), "c").headers["Location"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == before


@pytest.mark.parametrize("to", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_nothing_in_an_address_leads_elsewhere(browser: InProcess, wechat: State, to: str) -> None:
    browser.send("GET", f"/sign-in/wechat?to={to}&redirect_uri={to}&next={to}")
    state = set_out(browser)
    answer = browser.send(
        "GET", f"/sign-in/wechat/return?state={state}&code={wechat.new_code('oauth', 'o-1')}&to={to}&next={to}"
    )
    assert answer.headers["Location"] == PAGE


def test_the_database_keeps_neither_state_nor_cookie(browser: InProcess, wechat_app: Flask) -> None:
    state = set_out(browser)
    cookie = browser.client.get_cookie("ssp_oauth", path="/")
    assert cookie is not None
    with wechat_app.extensions["database"].reading() as session:
        visit = session.scalars(select(OauthVisit)).one()
    assert {state, cookie.value}.isdisjoint({visit.state_hash, visit.browser_hash})


def test_without_an_official_account_the_page_says_so(app: Flask, phone_of: Callable[[None], Phone]) -> None:
    assert phone_of(None).get("/api/v1/sign-in/ways").json == {"wechat": False, "sms": False, "demo": True}
    answer = InProcess(app).send("GET", "/sign-in/wechat")
    assert answer.headers["Location"] == f"{PAGE}?fault=wechat_not_configured"
