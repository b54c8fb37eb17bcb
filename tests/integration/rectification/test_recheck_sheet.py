"""隐患整改复查意见单: what the last recheck found, with the photos of before and after; no reporter is named."""

from collections.abc import Callable

import pytest

from server.core import ids
from tests.integration.rectification.conftest import Case, Hand
from tests.support.callers import Phone
from tests.support.images import jpeg
from tests.support.papers import pictures_in, words_in
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
Accepted = Callable[..., Case]
RunJobs = Callable[..., int]


def test_a_sheet_says_who_rechecked_when_and_how_what_was_found_and_shows_both_sides(
    accepted: Accepted, town: Hand, rectifier: Hand, world: World, run_jobs: RunJobs
) -> None:
    case = accepted(fields={"measures": "加装护栏"})
    assert town.issue(case.row, "notice") == 303
    rectifier.submit(case.row, text="护栏已装好")
    run_jobs()  # the photos can be shown
    assert town.move(case.row, "close", way="on_site", text="现场看过，牢固").status == 303
    assert town.issue(case.row, "recheck") == 303
    notice, sheet = case.papers
    content = rectifier.paper(case.row, sheet.id)
    words = words_in(content)
    for part in (
        sheet.number, "隐复〔", "隐患整改复查意见单", "配电箱门敞开", "加装护栏", "护栏已装好", notice.number,
        "现场复查", world.people.town_reviewer.name, "现场看过，牢固", "已整改到位，予以销号", "复查人（签名）",
        "整改前 1", "整改后 1",
    ):  # fmt: skip
        assert part in words
    assert pictures_in(content) == 2
    for part in (world.people.worker.name, "责令", "处罚"):
        assert part not in words
    assert "复查意见单" in rectifier.open(case.row.id).ok().text


def test_each_recheck_gets_a_sheet_of_its_own_with_the_deadline_that_stood_and_the_next(
    accepted: Accepted, town: Hand, rectifier: Hand
) -> None:
    case = accepted()
    assert town.issue(case.row, "recheck") == 409  # nobody rechecked
    first_due = case.row.due_at
    rectifier.submit(case.row)
    town.move(case.row, "send_back", text="护栏还松").ok()
    assert [town.issue(case.row, "recheck"), town.issue(case.row, "recheck")] == [303, 303]
    (sheet,) = case.papers
    words = words_in(town.paper(case.row, sheet.id))
    assert "护栏还松" in words
    assert "尚未整改到位，建议在" in words
    assert f"{first_due.month}月{first_due.day}日前" in words
    rectifier.submit(case.row, jpeg(72))
    town.move(case.row, "close", way="by_photos").ok()
    assert town.issue(case.row, "recheck") == 303
    assert [paper.number.rsplit("〕", 1)[1] for paper in case.papers] == ["1号", "2号"]


def test_a_recheck_by_the_reporter_is_told_without_name_and_time(
    accepted: Accepted, town: Hand, rectifier: Hand, phone: Phone, world: World
) -> None:
    case = accepted()
    rectifier.submit(case.row)
    phone.post(f"/api/v1/submissions/{case.submission_id}/rectification/confirm", {}).ok()
    assert town.issue(case.row, "recheck") == 303
    (sheet,) = case.papers
    words = words_in(town.paper(case.row, sheet.id))
    assert "报告人反馈" in words
    assert ":" not in words  # no time of day
    assert world.people.worker.name not in words


def test_who_put_it_right_and_who_has_no_part_in_it_issue_no_sheet(
    accepted: Accepted, town: Hand, rectifier: Hand, hand_of: Callable[[Someone], Hand], world: World
) -> None:
    case, elsewhere = accepted(), hand_of(world.people.other_town_reviewer)
    rectifier.submit(case.row)
    town.move(case.row, "close", way="on_site").ok()
    assert rectifier.issue(case.row, "recheck") == 403
    assert elsewhere.issue(case.row, "recheck") == 404
    assert town.issue(case.row, "recheck") == 303
    assert town.issue(case.row, "verdict") == 404
    (sheet,) = case.papers
    path = f"/console/rectifications/{case.row.id}/papers"
    assert elsewhere.desk.get(f"{path}/{sheet.id}.docx").status == 404
    assert town.desk.get(f"{path}/{ids.new_id()}.docx").status == 404
