"""A session: the code on the trainer's screen, 30 phones and one in a browser that check in, the sheet of it; then how
far training reaches, on its page and as Excel."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from server.core import clock
from server.core.db import Database
from server.oversight.coverage.jobs import count_changes
from server.oversight.training.models import SessionStatus, TrainingInvitation
from server.unions.tree.models import Union
from tests.support import sessions
from tests.support.browser import open_desktop
from tests.support.callers import OverHttp, Phone
from tests.support.ledgers import sheet_of
from tests.support.service import Service
from tests.support.training import send_code, training_session
from tests.support.world import Someone, World, make_person

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
MANY = 30


@pytest.fixture
def database(live_server: Service) -> Iterator[Database]:
    """The running service's own."""
    database = Database(live_server.settings)
    yield database
    database.close()


@pytest.fixture
def session_id(database: Database, world: World) -> UUID:
    """A session that has begun and takes check-ins and check-outs."""
    now = clock.now()
    with database.transaction() as session:
        row = training_session(
            world, now, status=SessionStatus.RUNNING, starts_at=now - timedelta(minutes=20),
            ends_at=now + timedelta(minutes=5), check_in_from=now - timedelta(hours=1),
            check_in_until=now + timedelta(hours=1), check_out_from=now - timedelta(minutes=1),
            check_out_until=now + timedelta(hours=1), reason=None, latitude=36.06, longitude=120.38,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(TrainingInvitation(session_id=row.id, union_id=world.unions.shipyard, starts_at=row.starts_at))
        return row.id


def phones(database: Database, server: Service, world: World) -> list[Phone]:
    """Those of many workers of the shipyard."""
    with database.transaction() as session:
        people = [
            make_person(session, f"职工{number:02}", enterprise_id=world.unions.shipyard) for number in range(MANY)
        ]
        known = [Someone(person.id, person.name or "") for person in people]
    return [Phone(OverHttp(server.base_url), sessions.token_of_phone(server, database, who)) for who in known]


def test_a_session_from_the_code_on_the_screen_to_the_sheet(
    browser: Browser, phone_page: Page, live_server: Service, database: Database, world: World, session_id: UUID
) -> None:
    many = phones(database, live_server, world)
    context = open_desktop(browser, live_server.base_url)
    desk = sessions.signed_in_page(context, live_server, world.people.enterprise_reviewer)
    path = f"/console/training/{session_id}"
    desk.goto(f"{path}/code")
    screen = desk.locator(".training-code")
    expect(screen).to_have_attribute("hx-trigger", re.compile(r"load delay:\d+s"))
    code = screen.locator("[data-code]").get_attribute("data-code") or ""
    assert [send_code(phone, path, code).status for phone in many] == [200] * MANY

    phone_page.goto("/h5/?demo=worker-1")
    phone_page.locator(".uni-tabbar").get_by_text("我的", exact=True).click()
    phone_page.get_by_text("培训", exact=True).click()
    phone_page.locator("[data-test=session]").click()
    expect(phone_page.locator("[data-test=about]")).to_contain_text("有限空间作业")
    desk.reload()
    code = screen.locator("[data-code]").get_attribute("data-code") or ""
    phone_page.locator("[data-test=code] input").fill(f"{code[:3]} {code[3:]}")
    phone_page.locator("[data-test=send]").click()
    expect(phone_page.locator("[data-test=checked-in]")).to_contain_text("已签到")
    desk.goto(f"{path}/code?purpose=out")
    code = screen.locator("[data-code]").get_attribute("data-code") or ""
    phone_page.locator("[data-test=code] input").fill(code)
    phone_page.locator("[data-test=send]").click()
    expect(phone_page.locator("[data-test=checked-out]")).to_contain_text("已签退")

    desk.goto("/console/training/new")
    desk.get_by_text("用以前的场地").click()
    desk.get_by_role("button", name="二楼会议室").click()
    expect(desk.get_by_label("场地坐标")).to_have_value(re.compile(r"^36\.06\d+, 120\.38\d+$"))
    expect(desk.get_by_label("地点")).to_have_value("二楼会议室")

    desk.goto(path)
    expect(desk.locator("#people")).to_contain_text(f"到 {MANY + 1} 人，核实 1 人")
    desk.get_by_role("button", name="其余的都参加到了结束").click()
    desk.get_by_role("dialog").get_by_role("button", name="其余的都参加到了结束").click()
    expect(desk.locator("#people")).to_contain_text(f"核实 {MANY + 1} 人")
    with desk.expect_download() as download:
        desk.get_by_role("link", name="签到表").click()
    rows = list(sheet_of(download.value.path().read_bytes()).iter_rows(min_row=5, values_only=True))
    assert len(rows) == MANY + 1

    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(headcount=62))
    count_changes(database)  # what the worker does every 20 seconds
    town = sessions.signed_in_page(open_desktop(browser, live_server.base_url), live_server, world.people.town_reviewer)
    town.goto("/console/coverage")
    total = town.locator("tbody tr").filter(has_text="合计")
    expect(total.locator("td")).to_contain_text(["182", str(MANY + 1), "17%"])
    with town.expect_download() as download:
        town.get_by_role("link", name="下载统计表").click()
    lines = sheet_of(download.value.path().read_bytes()).iter_rows(values_only=True)
    assert any(MANY + 1 in line and 182 in line for line in lines)
    town.get_by_role("link", name="还差谁").click()
    expect(town.locator("[data-row]").first).to_contain_text("蓝海")
    town.context.close()
    context.close()
