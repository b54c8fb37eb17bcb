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


def test_a_monthly_report_is_of_the_month_that_was_chosen_with_every_figure_in_its_first_text(
    desk: Desk, world: World, database: Database
) -> None:
    then = clock.now() - timedelta(days=32)
    with database.transaction() as session:
        insert_submissions(session, world, 5, then)
    count_figures(database)
    today = clock.day_of(then)
    page = desk.get(f"{PATH}/new?kind=monthly&on={today}").ok().text
    first = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert first is not None
    answer = issue(desk, first[1], kind="monthly", on=today.isoformat(), title="月报")
    text, rows, _ = read(desk, answer)
    assert f"{today.year}年{today.month}月，" in text
    assert "共收到职工上报的隐患5条（去年同期0条）" in text
    assert "【" not in text
    assert len(rows) > 20


def test_a_month_that_is_not_over_and_days_to_come_are_refused_in_words(desk: Desk) -> None:
    today = clock.day_of(clock.now())
    later = today + timedelta(days=40)
    for day, words in ((today, "还没有结束"), (later, "还没有到，不能写月报")):
        refused = issue(desk, kind="monthly", on=day.isoformat())
        assert (refused.status, words in refused.text) == (422, True)
        assert words in desk.get(f"{PATH}/new?kind=monthly&on={day}").ok().text
    offered = re.findall(r'<option value="(\d{4}-\d\d-\d\d)"', desk.get(f"{PATH}/new?kind=monthly").ok().text)
    assert offered
    assert max(offered) < today.replace(day=1).isoformat()
    refused = issue(desk, until=later.isoformat())
    assert (refused.status, "还没有到这一天" in refused.text) == (422, True)
    assert "第一期简报" not in desk.get(PATH).ok().text


def test_a_bulletin_over_more_than_a_year_is_refused_in_words_and_not_cut(desk: Desk) -> None:
    today = clock.day_of(clock.now())
    since = today - timedelta(days=366)
    refused = issue(desk, since=since.isoformat(), until=today.isoformat())
    assert (refused.status, "最多写 366 天，这里选了 367 天" in refused.text) == (422, True)
    assert f'value="{since}"' in refused.text
    assert "共【上报】条，受理【已受理】条。" in refused.text
    page = desk.get(f"{PATH}/new?kind=bulletin&since={since}&until={today}").ok().text
    assert "这里选了 367 天" in page
    longest = issue(desk, since=(since + timedelta(days=1)).isoformat(), until=today.isoformat())
    assert longest.status == 303


# --- corrections ------------------------------------------------------------------------------------------------------


def correct(desk: Desk, path: str, reason: str = "受理数有误", **changes: str) -> Answer:
    fields = {"corrects": path.rpartition("/")[2], "reason": reason, "title": "第一期简报（更正）", **changes}
    return issue(desk, "更正后共【上报】条。", **fields)


def test_a_correction_is_a_new_issue_that_names_the_old_one_which_stays_and_says_so(
    desk: Desk, database: Database, world: World
) -> None:
    answer = issue(desk)
    path, before = answer.headers["Location"], read(desk, answer)[:2]
    _report(database, world, 1)
    count_figures(database)
    page = desk.get(f"{PATH}/new?corrects={path.rpartition('/')[2]}").ok().text
    assert "共【上报】条，受理【已受理】条。" in page  # as it was typed
    assert "第一期简报（更正）" in page
    corrected = correct(desk, path)
    assert corrected.status == 303
    later = corrected.headers["Location"]
    text = read(desk, corrected)[0]
    assert re.search(r"〔\d{4}〕2号", text)
    assert re.search(r"本期更正\S+〔\d{4}〕1号《第一期简报》。更正理由：受理数有误", text)
    assert "更正后共6条。" in text
    assert read(desk, answer)[:2] == before
    old, new = desk.get(path).ok().text, desk.get(later).ok().text
    assert ("这一份已经更正" in old, f'href="{later}"' in old, "受理数有误" in old) == (True, True, True)
    assert (f'href="{path}"' in new, "受理数有误" in new) == (True, True)
    listed = desk.get(PATH).ok().text
    assert listed.count('class="chip chip-warn">已更正') == 1
    assert re.search(r"更正 \S+〔\d{4}〕1号", listed)


def test_one_report_is_corrected_once_and_then_the_later_one_is(desk: Desk) -> None:
    path = issue(desk).headers["Location"]
    later = correct(desk, path).headers["Location"]
    again = correct(desk, path)
    assert (again.status, "请更正后来的那一份" in again.text) == (409, True)
    assert desk.get(f"{PATH}/new?corrects={path.rpartition('/')[2]}").status == 409
    assert "更正</a>" not in desk.get(path).ok().text
    assert correct(desk, later).status == 303


def test_a_correction_needs_its_reason_and_is_of_the_same_days_and_union(desk: Desk, world: World) -> None:
    today = clock.day_of(clock.now())
    path = issue(desk, since=(today - timedelta(days=3)).isoformat(), until=today.isoformat()).headers["Location"]
    refused = correct(desk, path, reason=" ")
    assert (refused.status, "请写明更正的理由" in refused.text) == (422, True)
    made = correct(desk, path, union=str(world.unions.north), since="2020-01-01", until="2020-01-02")
    assert made.status == 303
    days = re.findall(r"(\d{4}-\d\d-\d\d) 至 (\d{4}-\d\d-\d\d)", desk.get(PATH).ok().text)
    assert (len(days), len(set(days))) == (2, 1)


def test_only_the_union_that_issued_it_corrects_it(desk: Desk, desk_of: DeskOf, world: World) -> None:
    district = desk_of(world.people.district_reviewer)
    own = issue(district, title="市南简报").headers["Location"]
    assert correct(desk, own).status == 403
    assert "更正</a>" not in desk.get(own).ok().text
    citys = issue(desk).headers["Location"]
    assert correct(district, citys).status == 404


def test_reports_are_found_by_the_search_over_everything(desk: Desk) -> None:
    issue(desk)
    assert "第一期简报" in desk.get("/console/search?q=第一期").ok().text


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
