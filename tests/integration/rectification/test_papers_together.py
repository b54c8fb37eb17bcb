"""A hazard's own sheet; and papers of picked rows as one file, issued where they have to be."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core import clock
from server.core.audit.models import AuditEntry
from server.core.db import Database
from tests.integration.rectification.conftest import Case, Hand
from tests.integration.review.rows import insert_submissions
from tests.support.callers import Answer, Desk, Phone
from tests.support.images import jpeg
from tests.support.papers import pictures_in, words_in
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
Accepted = Callable[..., Case]
RunJobs = Callable[..., int]


def ask(desk: Desk, of: str, paper: str, *rows: UUID | str, form: str = "docx") -> Answer:
    """Send the form below a list with these rows picked."""
    fields = {"of": of, "paper": paper, "form": form, "picked": [str(each) for each in rows]}
    return desk.post("/console/papers", fields)


def made(desk: Desk, answer: Answer, run_jobs: RunJobs) -> str:
    """What the file says that was asked for."""
    assert answer.status == 303
    page = answer.headers["Location"]
    assert "正在合成一个文件" in desk.get(page).ok().text
    run_jobs()
    assert "下载 Word" in desk.get(page).ok().text
    return words_in(desk.get(f"{page}/papers").ok().body)


def logged(database: Database, action: str) -> dict[str, object]:
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()
    return {entry.subject_id or "": entry.detail for entry in entries}


def test_a_hazard_has_a_sheet_with_all_that_came_of_it(
    accepted: Accepted, town: Hand, rectifier: Hand, world: World, database: Database, run_jobs: RunJobs
) -> None:
    case = accepted(fields={"measures": "加装护栏", "responsible": "王工", "note": "内部的话"})
    rectifier.submit(case.row, text="护栏已装好")
    town.move(case.row, "close", way="on_site", text="牢固", note="下次再看").ok()
    run_jobs()
    path = f"/console/submissions/{case.submission_id}/sheet.docx"
    assert path in town.desk.get(f"/console/submissions/{case.submission_id}").ok().text
    content = town.desk.get(path).ok().body
    words = words_in(content)
    for part in (
        "隐患登记表", "配电箱门敞开", "三号车间东门", "一般", world.people.worker.name, "受理", "加装护栏", "王工",
        world.people.town_reviewer.name, "护栏已装好", "现场复查", "已销号", "2026年",
    ):  # fmt: skip
        assert part in words
    assert pictures_in(content) == 2
    for part in ("内部的话", "下次再看"):  # unions talk among themselves
        assert part not in words
    assert str(case.submission_id) in logged(database, "submission.download_sheet")


def test_sheets_of_picked_rows_are_one_file_and_nothing_of_others_is_in_it(
    phone: Phone, town: Hand, world: World, hand_of: Callable[[Someone], Hand], database: Database, run_jobs: RunJobs
) -> None:
    mine = [phone.report(jpeg(seed), enterprise_id=world.unions.shipyard, place=f"{seed}号库") for seed in (1, 2)]
    other = phone.report(jpeg(3), enterprise_id=world.unions.brewery, place="别处的库")
    assert 'form="print-picked"' in town.desk.get("/console/queue").ok().text
    words = made(town.desk, ask(town.desk, "queue", "sheet", f"{mine[0]}:1", mine[1], other), run_jobs)
    assert ("1号库" in words, "2号库" in words, "别处的库" in words) == (True, True, False)
    told = logged(database, "submission.download_sheet")
    assert told.keys() == {str(each) for each in mine}
    assert told[str(mine[0])] == {"form": "docx", "together": 2}
    elsewhere = hand_of(world.people.other_town_reviewer).desk
    refused = ask(elsewhere, "queue", "sheet", *mine)
    assert refused.headers["Location"] == "/console/queue"  # nothing to be made


def test_a_row_that_is_out_of_ones_sight_is_said_to_be_so_and_not_to_lack_a_rectification(
    phone: Phone, town: Hand, world: World
) -> None:
    other = phone.report(jpeg(3), enterprise_id=world.unions.brewery)
    told = town.desk.get(ask(town.desk, "queue", "sheet", other).headers["Location"]).text
    assert ("不在您的管理范围内" in told, "受理以后才有整改" in told) == (True, False)


def test_notices_are_issued_for_what_is_picked_and_the_rest_is_told(
    accepted: Accepted, town: Hand, rectifier: Hand, run_jobs: RunJobs
) -> None:
    due, done, noticed = (accepted(place=place) for place in ("东门", "西门", "南门"))
    assert town.issue(noticed.row, "notice") == 303
    for case in (done, noticed):
        rectifier.submit(case.row)
    answer = ask(town.desk, "rectifications", "notice", due.row.id, done.row.id, noticed.row.id)
    page = town.desk.get(answer.headers["Location"]).ok().text
    assert "没有处理 1：现在不在整改期内" in page
    words = made(town.desk, answer, run_jobs)
    assert [len(each.papers) for each in (due, done, noticed)] == [1, 0, 1]
    assert all(each.papers[0].number in words for each in (due, noticed))
    assert ("东门" in words, "西门" in words, "南门" in words) == (True, False, True)


def test_the_queue_prints_papers_of_its_rectifications_and_the_list_of_those_the_hazards_sheets(
    accepted: Accepted, town: Hand, rectifier: Hand, phone: Phone, world: World, run_jobs: RunJobs
) -> None:
    case, fresh = accepted(), phone.report(jpeg(9), enterprise_id=world.unions.shipyard)
    rectifier.submit(case.row)
    town.move(case.row, "close", way="by_photos").ok()
    answer = ask(town.desk, "queue", "recheck", case.submission_id, fresh)
    assert "受理以后才有整改" in town.desk.get(answer.headers["Location"]).text
    assert "复查结论" in made(town.desk, answer, run_jobs)
    assert "隐患登记表" in made(town.desk, ask(town.desk, "rectifications", "sheet", case.row.id), run_jobs)


@pytest.mark.settings(soffice="")
def test_what_cannot_be_printed_is_said(accepted: Accepted, town: Hand) -> None:
    case = accepted()
    nothing = ask(town.desk, "rectifications", "notice")
    assert nothing.status == 303
    assert "请先勾选" in town.desk.get(nothing.headers["Location"]).text
    assert ask(town.desk, "rectifications", "notice", case.row.id, form="pdf").status == 409
    assert ask(town.desk, "letters", "notice", case.row.id).status == 422
    assert ask(town.desk, "rectifications", "poem", case.row.id).status == 422
    assert case.papers == []


def test_all_that_the_filters_show_is_printed_within_the_scope_of_who_asks(
    accepted: Accepted, town: Hand, hand_of: Callable[[Someone], Hand], world: World, run_jobs: RunJobs
) -> None:
    first, second = accepted(grade=3), accepted(grade=2, category="fire")
    whole = {"of": "rectifications", "paper": "notice", "form": "docx", "whole_list": "1"}
    answer = town.desk.post("/console/papers?grade=2", whole)
    assert "整改通知单" in made(town.desk, answer, run_jobs)
    assert (len(first.papers), len(second.papers)) == (0, 1)
    stranger = hand_of(world.people.other_town_reviewer).desk
    assert (
        stranger.post("/console/papers", whole, form="/console/rectifications")
        .headers["Location"]
        .startswith("/console/rectifications")
    )
    assert first.papers == []


def test_the_list_offers_all_beyond_the_page_and_says_how_many_at_once(
    database: Database, desk_of: Callable[[Someone], Desk], world: World
) -> None:
    desk = desk_of(world.people.city_reviewer)
    with database.transaction() as session:
        insert_submissions(session, world, 60, clock.now())
    assert "选中全部 60 条<" in desk.get("/console/queue").ok().text
    with database.transaction() as session:
        insert_submissions(session, world, 160, clock.now())
    assert "选中全部 220 条（一次最多 200 条）" in desk.get("/console/queue").ok().text
