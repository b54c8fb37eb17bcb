"""The question bank's pages: written by one, approved by another, imported whole or by good rows,
exported as it was."""

import io
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from server.activities.quiz.bank import queries
from server.activities.quiz.bank.actions import load_shipped
from server.activities.quiz.bank.models import Question, QuestionVersion
from server.core.db import Database
from tests.support.callers import Desk
from tests.support.counting import count_statements
from tests.support.pages import squeeze
from tests.support.quizzes import shipped_questions
from tests.support.storms import GIFT_STORMS, STORMS
from tests.support.world import Someone, World

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
WORDS: dict[str, Any] = {
    "kind": "single", "topic": "消防安全", "difficulty": "1", "stem": "看到火情，小李该做什么？", "option_A": "先报警",
    "option_B": "先拍照", "option_C": "先回家", "answer": ["A"], "explanation": "第五条：“报告火警的义务”。",
    "statute": "中华人民共和国消防法", "article": "第五条",
}  # fmt: skip
HEADINGS = ["题干", "题型", "选项A", "选项B", "选项C", "正确答案", "章节", "编号"]


@pytest.fixture
def author(desk_of: Callable[[Someone], Desk], world: World) -> Desk:
    return desk_of(world.people.city_reviewer)


@pytest.fixture
def approver(desk_of: Callable[[Someone], Desk], world: World) -> Desk:
    return desk_of(world.people.admin)


def written(database: Database) -> Question:
    with database.reading() as session:
        return session.scalars(select(Question).where(Question.code.startswith("own-"))).one()


def create(author: Desk, database: Database, **changes: Any) -> UUID:
    answer = author.post("/console/questions/new", {**WORDS, **changes})
    assert answer.status == 303, answer.text[:500]
    return written(database).id


def move(desk: Desk, database: Database, question_id: UUID, name: str) -> int:
    with database.reading() as session:
        version = session.get_one(Question, question_id).version
    return desk.post(f"/console/questions/{question_id}/{name}", {"version": str(version)}).status


def drawn(database: Database) -> int:
    queries.forget_drawable()
    with database.reading() as session:
        return len(queries.list_drawable(session))


def test_a_question_is_drawn_once_somebody_else_approved_it(author: Desk, approver: Desk, database: Database) -> None:
    question_id = create(author, database)
    assert drawn(database) == 0
    assert "1 道题目等审定" in author.get("/console/").ok().text
    move(author, database, question_id, "approve")
    assert drawn(database) == 0
    move(approver, database, question_id, "approve")
    assert drawn(database) == 1


def test_new_words_wait_while_the_old_ones_are_drawn(author: Desk, approver: Desk, database: Database) -> None:
    question_id = create(author, database)
    move(approver, database, question_id, "approve")
    version = str(written(database).version)
    path = f"/console/questions/{question_id}/edit"
    assert author.post(path, {**WORDS, "stem": "看到火情，老张该做什么？", "version": version}).status == 303
    row = written(database)
    assert (row.newest, row.approved, drawn(database)) == (2, 1, 1)
    page = author.get(f"/console/questions/{question_id}").text
    assert "小李" in page
    assert "老张" in page


def test_an_edit_of_a_page_that_somebody_changed_meanwhile_is_refused(author: Desk, database: Database) -> None:
    question_id = create(author, database)
    path, version = f"/console/questions/{question_id}/edit", str(written(database).version)
    assert author.post(path, {**WORDS, "stem": "第一个人改的题干？", "version": version}).status == 303
    assert author.post(path, {**WORDS, "stem": "第二个人改的题干？", "version": version}).status == 409
    assert written(database).stem == "第一个人改的题干？"


def test_a_question_without_its_article_is_not_approved(author: Desk, approver: Desk, database: Database) -> None:
    question_id = create(author, database, article="")
    move(approver, database, question_id, "approve")
    assert written(database).approved is None


def test_a_retired_question_is_not_drawn_until_it_is_restored(author: Desk, approver: Desk, database: Database) -> None:
    question_id = create(author, database)
    move(approver, database, question_id, "approve")
    move(author, database, question_id, "retire")
    assert drawn(database) == 0
    move(author, database, question_id, "restore")
    assert drawn(database) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"answer": []},
        {"answer": ["D"]},
        {"answer": ["A", "B"]},
        {"option_B": ""},
        {"stem": ""},
        {"topic": "天文"},
        {"kind": "essay"},
    ],
    ids=str,
)
def test_words_that_make_no_question_are_refused_with_what_was_typed(
    author: Desk, database: Database, changes: dict[str, Any]
) -> None:
    answer = author.post("/console/questions/new", {**WORDS, **changes})
    assert answer.status == 422
    assert "先报警" in answer.text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 0


def sheet(*rows: list[Any]) -> tuple[str, bytes]:
    book = Workbook()
    for row in [HEADINGS, *rows]:
        book.worksheets[0].append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return "questions.xlsx", buffer.getvalue()


GOOD = ["看到火情先做什么？", "单选题", "报警", "拍照", "回家", "A", "消防安全", "fire-1"]
BAD = ["看到火情先做什么？", "单选题", "报警", "拍照", "回家", "D", "消防安全", "fire-2"]


def upload(desk: Desk, file: tuple[str, bytes]) -> str:
    answer = desk.post(
        "/console/questions/import", {"topic": "消防安全"}, files={"file": (*file, "application/octet-stream")}
    )
    assert answer.status == 303, answer.text[:800]
    return answer.headers["Location"]


def test_an_import_is_shown_first_and_taken_over_on_a_second_yes(author: Desk, database: Database) -> None:
    preview = upload(author, sheet(GOOD))
    assert "新增 1" in author.get(preview).text
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 0
    assert author.post(f"{preview}/commit", {}).status == 303
    assert author.post(f"{preview}/commit", {}).status == 404
    with database.reading() as session:
        assert session.scalars(select(Question.code)).all() == ["fire-1"]
    again = upload(author, sheet([*GOOD[:1], "单选题", "打 119 报警", *GOOD[3:]]))
    assert "修改 1" in author.get(again).text
    assert author.post(f"{again}/commit", {"known_codes": "change"}).status == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(QuestionVersion)) == 2


def test_nothing_of_an_earlier_file_is_overwritten_unasked(author: Desk, database: Database) -> None:
    """Two books number their questions from 1; a title in Moodle's format is no number of ours at all."""
    assert author.post(f"{upload(author, sheet([*GOOD[:7], '1']))}/commit", {}).status == 303
    other = upload(author, sheet(["叉车为什么要限速？", *GOOD[1:7], "1"]))
    assert "现在是：看到火情先做什么？" in author.get(other).text
    asked = author.post(f"{other}/commit", {})
    assert asked.status == 409
    assert "作为新题" in asked.text
    assert author.post(f"{other}/commit", {"known_codes": "add"}).status == 303
    for stem in ("第一本书的第一题是什么？", "第二本书的第一题是什么？"):
        file = ("a.txt", f"::1::{stem} {{=甲 ~乙 ~丙}}".encode())
        assert author.post(f"{upload(author, file)}/commit", {}).status == 303
    with database.reading() as session:
        stems = session.scalars(select(Question.stem)).all()
        assert session.scalar(select(func.count()).select_from(QuestionVersion)) == 4
    assert sorted(stems) == sorted(
        ["看到火情先做什么？", "叉车为什么要限速？", "第一本书的第一题是什么？", "第二本书的第一题是什么？"]
    )


def test_one_wrong_row_keeps_the_whole_file_out(author: Desk, database: Database) -> None:
    preview = upload(author, sheet(GOOD, BAD))
    assert "有 1 行需要修改" in squeeze(author.get(preview).text)
    assert author.post(f"{preview}/commit", {}).status == 409
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 0


def test_the_good_rows_come_alone_when_asked_and_the_marked_sheet_mended_brings_the_rest(
    author: Desk, database: Database
) -> None:
    preview = upload(author, sheet(GOOD, BAD))
    book = load_workbook(io.BytesIO(author.get(f"{preview}/marked.xlsx").ok().body))
    marked = book.worksheets[0]
    heads = {cell.value: place for place, cell in enumerate(marked[1], 1)}
    assert marked.cell(3, heads["问题"]).value == "答案里有不存在的选项"
    assert author.post(f"{preview}/commit", {"good_alone": "true"}).headers["Location"].endswith(preview)
    with database.reading() as session:
        assert session.scalars(select(Question.code)).all() == ["fire-1"]
    assert "只导入没有问题的" not in author.get(preview).text
    assert author.post(f"{preview}/commit", {"good_alone": "true"}).status == 409
    marked.cell(3, heads["正确答案"]).value = "C"
    mended = io.BytesIO()
    book.save(mended)
    again = upload(author, ("标出问题.xlsx", mended.getvalue()))
    assert "新增 1，修改 0，没有变化 1" in author.get(again).text
    assert author.post(f"{again}/commit", {}).status == 303
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Question)) == 2


def test_a_wrong_value_is_shown_with_its_column(author: Desk) -> None:
    rows: list[list[Any]] = [
        [*GOOD[:7], "编 号"], [GOOD[0], "填空题", *GOOD[2:7], "a"], [*GOOD[:3], None, *GOOD[4:7], "b"],
        [*GOOD[:5], "甲", *GOOD[6:7], "c"],
    ]  # fmt: skip
    page = author.get(upload(author, sheet(*rows))).text
    for words in (
        "编号：只能用字母、数字、横线（填的是“编 号”）", "题型：没有“填空题”这一种", "选项：中间有空格子（B）",
        "答案：“甲”不认识",
    ):  # fmt: skip
        assert words in page


def test_an_import_is_nobody_elses(author: Desk, approver: Desk) -> None:
    preview = upload(author, sheet(GOOD))
    assert approver.get(preview).status == 404
    assert approver.post(f"{preview}/commit", {}).status == 404


@pytest.mark.parametrize("name", ["题目.xlsx", "题目.txt"])
def test_a_file_that_is_none_is_refused(author: Desk, name: str) -> None:
    answer = author.post(
        "/console/questions/import", {"topic": "消防安全"}, files={"file": (name, b"\xff\xfe\x00", "text/plain")}
    )
    assert answer.status == 422


@pytest.mark.parametrize("kind", ["xlsx", "gift"])
def test_what_is_exported_comes_in_again_without_change(author: Desk, database: Database, kind: str) -> None:
    with database.transaction() as session:
        load_shipped(session, shipped_questions()[:40], now=NOW)
    path = "/console/questions/ledger.xlsx" if kind == "xlsx" else "/console/questions.gift"
    content = author.get(path).ok().body
    name = "a.xlsx" if kind == "xlsx" else "a.txt"
    assert "没有变化 40" in author.get(upload(author, (name, content))).text


def test_the_list_costs_the_same_for_any_number_of_questions(author: Desk, database: Database) -> None:
    author.get("/console/questions")  # what every page asks for, and keeps for a while, is not of the list
    counts = []
    for size in (5, 60):
        with database.transaction() as session:
            load_shipped(session, shipped_questions()[:size], now=NOW)
        with count_statements(database.engine) as statements:
            assert author.get("/console/questions").status == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_district_reviewers_read_and_others_do_not(desk_of: Callable[[Someone], Desk], world: World) -> None:
    assert desk_of(world.people.district_reviewer).get("/console/questions").status == 200
    assert desk_of(world.people.district_reviewer).get("/console/questions/new").status == 403
    assert desk_of(world.people.enterprise_reviewer).get("/console/questions").status == 403


@pytest.mark.parametrize("storm", GIFT_STORMS)
def test_a_hostile_text_of_questions_is_answered_in_words_within_seconds(author: Desk, storm: str) -> None:
    begun = time.process_time()
    file = ("题目.txt", GIFT_STORMS[storm].encode(), "text/plain")
    answer = author.post("/console/questions/import", {"topic": "消防安全"}, files={"file": file})
    assert answer.status in (303, 413, 422), answer.text[:500]
    if answer.status == 303:
        author.get(answer.headers["Location"]).ok()
    assert time.process_time() - begun < 10


@pytest.mark.parametrize("storm", STORMS)
def test_a_hostile_sheet_of_questions_is_answered_in_words(author: Desk, storm: str) -> None:
    begun = time.process_time()
    file = ("题目.xlsx", STORMS[storm], "application/octet-stream")
    answer = author.post("/console/questions/import", {"topic": "消防安全"}, files={"file": file})
    assert answer.status in (303, 413, 422), answer.text[:500]
    assert time.process_time() - begun < 6


def test_thousands_of_questions_that_begin_alike_are_compared_within_seconds(author: Desk) -> None:
    stems = (
        f"根据《安全生产法》的规定，下列关于生产经营单位责任的说法正确的是第{n * 7919 % 99_991}项" for n in range(4000)
    )
    text = "\n\n".join(f"{stem}{{=对 ~错}}" for stem in stems)
    shown = upload(author, ("题目.txt", text.encode()))
    begun = time.process_time()
    assert "几乎相同" in author.get(shown).ok().text
    assert time.process_time() - begun < 20


def test_several_questions_are_approved_at_once_in_the_words_that_the_page_showed(
    author: Desk, approver: Desk, database: Database
) -> None:
    for stem in ("车间停电先做什么？", "闻到煤气味先做什么？"):
        assert author.post("/console/questions/new", {**WORDS, "stem": stem}).status == 303
    page = approver.get("/console/questions/waiting").ok().text
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert (len(shown), "报告火警的义务" in page) == (2, True)
    assert re.findall('name="shown"', author.get("/console/questions/waiting").ok().text) == []
    changed = shown[0].partition(":")[0]
    words = {**WORDS, "stem": "换了说法", "version": shown[0].partition(":")[2]}
    assert author.post(f"/console/questions/{changed}/edit", words).status == 303
    assert approver.post("/console/questions/waiting", {"shown": shown}).status == 422  # none is picked
    assert approver.post("/console/questions/waiting", {"shown": shown, "whole_page": "1"}).status == 303
    assert "审核通过 1 道，可以抽题了。没有处理 1：这道题刚刚被别人改过" in approver.get("/console/questions").text
    assert drawn(database) == 1


def test_all_that_wait_are_approved_at_once_but_ones_own(author: Desk, approver: Desk, database: Database) -> None:
    for stem in ("车间停电先做什么？", "闻到煤气味先做什么？"):
        assert author.post("/console/questions/new", {**WORDS, "stem": stem}).status == 303
    assert approver.post("/console/questions/new", {**WORDS, "stem": "自己写的"}).status == 303
    assert approver.post("/console/questions/waiting", {"whole_list": "1"}).status == 303
    assert "审核通过 2 道，可以抽题了。" in approver.get("/console/questions").text
    assert drawn(database) == 2
    assert approver.post("/console/questions/waiting", {"whole_list": "1"}).status == 422
