"""Monthly reports and bulletins: words and tables from the same figures, frozen, as Word files with charts."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from sqlalchemy import select

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.review.submissions.models import Status
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Answer, Desk
from tests.support.figures import count_figures
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
PATH = "/console/bulletins"
DeskOf = Callable[[Someone], Desk]


@pytest.fixture
def desk(database: Database, world: World, desk_of: DeskOf) -> Desk:
    """The city's; five hazards of today, two of them accepted."""
    _report(database, world, 3)
    _report(database, world, 2, status=Status.ACCEPTED, category="fire")
    count_figures(database)
    return desk_of(world.people.city_reviewer)


def _report(database: Database, world: World, count: int, **changes: object) -> None:
    with database.transaction() as session:
        insert_submissions(session, world, count, clock.now(), **changes)


def issue(desk: Desk, text: str = "共【上报】条，受理【已受理】条。", **changes: str) -> Answer:
    return desk.post(PATH, {"kind": "bulletin", "title": "第一期简报", "text": text, **changes}, form=f"{PATH}/new")


def read(desk: Desk, answer: Answer) -> tuple[str, list[list[str]], ZipFile]:
    """The Word file: its text, the rows of its tables, its parts."""
    content = desk.get(f"{answer.headers['Location']}/report.docx").ok().body
    document = Document(BytesIO(content))
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    return "\n".join(each.text for each in document.paragraphs), rows, ZipFile(BytesIO(content))


def test_words_tables_and_charts_say_the_same(desk: Desk) -> None:
    answer = issue(desk)
    assert answer.status == 303
    text, rows, parts = read(desk, answer)
    assert "共5条，受理2条。" in text
    assert ["上报", "5", "0", "+5"] in rows
    assert ["　已受理", "2", "0", "+2"] in rows
    assert ["市南区", "5", "2", "0"] in [row[:4] for row in rows]
    assert re.search(r"〔\d{4}〕1号", text)
    charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("word/charts/")]
    assert len(charts) == 2
    assert "<c:v>5</c:v>" in charts[0]
    assert "火灾" in charts[1]


def test_what_was_issued_does_not_change_when_the_figures_do(database: Database, world: World, desk: Desk) -> None:
    answer = issue(desk)
    before = read(desk, answer)[:2]
    _report(database, world, 4)
    count_figures(database)
    assert read(desk, answer)[:2] == before
    assert "共9条" in read(desk, issue(desk))[0]
    assert desk.get(PATH).ok().text.count("第一期简报") == 2


def test_a_place_that_no_figure_belongs_into_is_named_and_nothing_is_issued(desk: Desk) -> None:
    refused = issue(desk, "共【上抱】条")
    assert (refused.status, "没有叫 【上抱】 的数字" in refused.text) == (422, True)
    assert "共【上抱】条" in refused.text
    assert "第一期简报" not in desk.get(PATH).ok().text


def test_it_is_looked_at_before(desk: Desk) -> None:
    assert "共5条，受理2条。" in issue(desk, is_preview="true").ok().text
    assert "第一期简报" not in desk.get(PATH).ok().text


def test_the_browser_warns_before_words_are_lost_by_choosing_other_days(desk: Desk) -> None:
    assert re.search(r"<form[^>]*data-guard\s*>", desk.get(f"{PATH}/new").ok().text)  # dirty once something is typed
    for written in (issue(desk, is_preview="true"), issue(desk, "共【上抱】条")):
        assert re.search(r'<form[^>]*data-guard\s+data-dirty="yes"', written.text)


def test_the_campaign_stays_when_other_days_another_unit_or_the_other_kind_is_chosen(desk: Desk, world: World) -> None:
    chosen = f'name="campaign" value="{world.campaign_id}"'
    page = desk.get(f"{PATH}/new?kind=bulletin&campaign={world.campaign_id}").ok().text
    assert page.count(chosen) == 2  # of the days and the unit, and of the report itself
    assert page.count(f"&campaign={world.campaign_id}") >= 2  # the tabs
    fields = {"kind": "bulletin", "title": "一", "text": "二", "is_preview": "true", "campaign": str(world.campaign_id)}
    looked_at = desk.post(f"{PATH}?campaign={world.campaign_id}", fields, form=f"{PATH}/new").ok().text
    assert looked_at.count(chosen) == 2


def test_the_page_says_of_which_campaign_the_numbers_will_be(desk: Desk, world: World) -> None:
    with_one = desk.get(f"{PATH}/new?campaign={world.campaign_id}").ok().text
    with_all = desk.get(f"{PATH}/new?campaign=all").ok().text
    assert ("总工会，全部活动" in with_all, "总工会，全部活动" in with_one) == (True, False)


def test_a_monthly_report_is_of_the_month_that_was_chosen_with_every_figure_in_its_first_text(desk: Desk) -> None:
    today = clock.day_of(clock.now())
    page = desk.get(f"{PATH}/new?kind=monthly&on={today}").ok().text
    first = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert first is not None
    answer = issue(desk, first[1], kind="monthly", on=today.isoformat(), title="月报")
    text, rows, _ = read(desk, answer)
    assert f"{today.year}年{today.month}月，" in text
    assert "共收到职工上报的隐患5条（去年同期0条）" in text
    assert "【" not in text
    assert len(rows) > 20


def test_nothing_is_issued_while_changes_are_not_counted(database: Database, world: World, desk: Desk) -> None:
    _report(database, world, 1)
    assert issue(desk).status == 409


def test_reports_stay_within_their_subtree_and_downloads_are_on_record(
    database: Database, world: World, desk: Desk, desk_of: DeskOf
) -> None:
    path = issue(desk).headers["Location"]
    district = desk_of(world.people.district_reviewer)
    assert district.get(path).status == 404
    assert district.get(f"{path}/report.docx").status == 404
    assert issue(district, union=str(world.unions.north)).status == 404
    own = issue(district, title="市南简报")
    assert read(district, own)[0].startswith("市南区")
    assert "市南简报" in desk.get(PATH).ok().text
    assert "第一期简报" not in district.get(PATH).ok().text
    with database.reading() as session:
        actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("bulletin."))))
    assert sorted(actions) == ["bulletin.download", "bulletin.issue", "bulletin.issue"]


def test_days_that_make_no_sense_are_refused_or_put_right(desk: Desk) -> None:
    today = clock.day_of(clock.now())
    assert issue(desk, since="0001-01-01").status == 422
    assert issue(desk, kind="yearly").status == 422
    turned = issue(desk, since=today.isoformat(), until=(today - timedelta(days=3)).isoformat())
    assert turned.status == 303
    assert "共5条" in read(desk, turned)[0]
    assert desk.get(f"{PATH}/new?kind=monthly&on=2199-12-31&union=x").status == 200
