"""An assessment from end to end: a scheme is written and published, a district assesses itself, the city checks, the
district objects, the ranks follow."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.assignments.dispatch.models import Recipient
from server.core import clock
from server.core.clock import day_of
from server.core.db import Database
from server.oversight.assessment.models import AssessedUnit, Assessment
from tests.e2e.test_console_pages import Opened, console
from tests.e2e.test_reward_story import confirm
from tests.support.servers import wait_until
from tests.support.service import Service
from tests.support.world import World

__all__ = ["console"]
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
SHOTS = os.environ.get("SUISHOUPAI_TEST_SHOTS")
HOME = "/console/assessments"


@pytest.fixture
def database(live_server: Service) -> Iterator[Database]:
    """The running service's own."""
    database = Database(live_server.settings)
    yield database
    database.close()


def shoot(page: Page, name: str) -> None:
    """Keep pictures of the page at both sizes when somebody wants to look at them."""
    if SHOTS:
        for width in (1366, 1024):
            page.set_viewport_size({"width": width, "height": 768})
            page.screenshot(path=Path(SHOTS) / f"assessment-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1366, "height": 768})


def waits(database: Database, found: Callable[..., object], what: str) -> None:
    """Until the worker has written it."""

    def is_there() -> bool:
        with database.reading() as session:
            return bool(found(session))

    wait_until(is_there, what)


def write_scheme(city: Page) -> None:
    """Two items and a band, then it is frozen."""
    city.goto(f"{HOME}/schemes")
    shoot(city, "1-schemes")
    city.get_by_role("link", name="新建方案").first.click()
    city.get_by_label("名称").fill("区市工会年度考核")
    city.get_by_role("button", name="新建").click()
    city.get_by_label("怎么计分").select_option("yes_no")
    city.get_by_role("button", name="加一项").click()
    city.get_by_label("考核内容").fill("有实施方案，部署到下级")
    city.get_by_label("分值").fill("40")
    city.get_by_role("button", name="保存", exact=True).click()
    city.get_by_label("怎么计分").select_option("per_unit")
    city.get_by_role("button", name="加一项").click()
    city.get_by_label("考核内容").fill("自己组织的安全生产活动")
    city.get_by_label("分值").fill("60")
    city.get_by_label("每个得几分").fill("20")
    shoot(city, "2-item")
    city.get_by_role("button", name="保存", exact=True).click()
    city.get_by_text("分组、等次、不适用和加分").click()
    city.get_by_label("等次，从高到低").fill("优秀 90\n合格 60")
    city.locator("details[open]").get_by_role("button", name="保存").click()
    city.get_by_role("button", name="发布", exact=True).click()
    expect(city.get_by_text("已发布第 1 版")).to_be_visible()
    shoot(city, "3-scheme")


def open_run(city: Page, database: Database) -> None:
    city.get_by_text("开始考核", exact=True).click()
    city.get_by_label("抽查核分抽百分之几").fill("0")
    city.get_by_role("button", name="去发自评").click()
    city.get_by_label("截止日期").fill(day_of(clock.now()).isoformat())
    city.get_by_role("button", name="下一步").click()
    city.get_by_role("button", name="发给 2 个单位").click()
    confirm(city)
    waits(database, lambda session: session.scalar(select(Recipient.id).limit(1)), "those who are asked")


def assess_oneself(district: Page, task: UUID) -> None:
    district.goto(f"/console/tasks/{task}")
    district.locator("[name=i1][value=yes]").check()
    district.locator("[name=i2]").fill("3")
    district.locator("[name=i2_why]").fill("五月、六月、九月各办了一次。")
    shoot(district, "4-self")
    district.get_by_role("button", name="提交").first.click()
    if district.locator("dialog[open] [data-yes]").count():
        confirm(district)
    expect(district.get_by_text("已提交").first).to_be_visible()


def check(city: Page, unit: AssessedUnit, activities: str, reason: str) -> None:
    city.goto(f"{HOME}/units/{unit.id}")
    city.locator("[name=value-i1]").select_option("1")
    city.locator("[name=value-i2]").fill(activities)
    city.locator("[name=reason-i2]").fill(reason)
    shoot(city, f"5-check-{activities}")
    city.get_by_role("button", name="保存核分").click()
    expect(city.get_by_text("核分已保存")).to_be_visible()


def test_a_scheme_leads_to_ranks_that_an_objection_changes(
    console: Opened, world: World, database: Database
) -> None:  # fmt: skip
    people, unions = world.people, world.unions
    city, district = console(people.city_reviewer), console(people.district_reviewer)
    write_scheme(city)
    open_run(city, database)
    with database.reading() as session:
        task = session.scalars(select(Recipient.id).where(Recipient.union_id == unions.south)).one()
    assess_oneself(district, task)

    city.goto(HOME)
    city.get_by_role("link", name="区市工会年度考核").click()
    city.get_by_role("button", name="结束自评，开始初审").click()
    confirm(city)
    waits(database, lambda session: session.scalar(select(AssessedUnit.id).limit(1)), "the units")
    with database.reading() as session:
        units = {unit.union_id: unit for unit in session.scalars(select(AssessedUnit))}
    check(city, units[unions.south], "1", "有两次没有记录")
    check(city, units[unions.north], "2", "没有交自评，按系统记录")
    city.get_by_role("link", name="区市工会年度考核").first.click()
    city.get_by_role("button", name="汇总").click()
    scored = select(AssessedUnit.id).where(AssessedUnit.rank.is_not(None)).limit(1)
    waits(database, lambda session: session.scalar(scored), "the ranks")
    city.reload()
    expect(city.locator("tbody tr").first).to_contain_text("80")
    city.get_by_text("告知各单位，开始异议期", exact=True).click()
    city.get_by_label("到哪天为止").fill((day_of(clock.now()) + timedelta(days=3)).isoformat())
    city.get_by_role("button", name="确认告知各单位").click()
    expect(city.get_by_text("异议期到")).to_be_visible()
    shoot(city, "6-run")

    district.goto(f"{HOME}/units")
    shoot(district, "7-units")
    district.locator("a[data-open]").click()
    expect(district.get_by_text("有两次没有记录").first).to_be_visible()
    district.get_by_label("对哪一项").select_option("i2")
    district.get_by_label("为什么").fill("另外两次的记录在街道，请再看。")
    district.get_by_role("button", name="提出异议").click()
    expect(district.get_by_text("等答复。")).to_be_visible()
    shoot(district, "8-objection")

    city.goto(f"{HOME}/units?objected=1")
    city.locator("a[data-open]").click()
    city.get_by_label("答复").fill("街道的记录属实。")
    city.get_by_label("采纳的话，这一项改成多少").fill("3")
    shoot(city, "9-answer")
    city.get_by_role("button", name="采纳", exact=True).click()
    expect(city.get_by_text("已答复，得分和名次正在重算。")).to_be_visible()
    rescored = select(Assessment.id).where(Assessment.rescores_done == 1)
    waits(database, lambda session: session.scalar(rescored), "the ranks anew")
    city.get_by_role("link", name="区市工会年度考核").first.click()
    first = city.locator("tbody tr").first
    expect(first).to_contain_text("100")
    expect(first).to_contain_text("优秀")
    shoot(city, "10-ranks")
