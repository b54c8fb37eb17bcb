"""Letters: numbers without gaps, frozen words, answers, who may what, documents, the reply rate."""

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from docx import Document
from flask import Flask
from sqlalchemy import func, select

from server.core.audit.models import AuditEntry
from server.core.clock import day_of, in_shanghai
from server.core.db import Database
from server.kit.documents.models import Document as Frozen
from server.kit.documents.papers.kinds import freeze, hash_paper
from server.oversight.letters.document import words_of as words_of_letter
from server.oversight.letters.models import Letter, LetterStatus
from server.review.rectification.models import Rectification
from tests.integration.letters.conftest import Writer, load, numbers_in
from tests.integration.review.test_review_races import at_once
from tests.support.backends import Scaled
from tests.support.callers import Desk, InProcess, Phone
from tests.support.counting import count_statements
from tests.support.ledgers import read_ledger
from tests.support.pages import tight
from tests.support.versions import version_of
from tests.support.world import Someone, World

DeskOf = Callable[[Someone | None], Desk]
REPLY = {"reply": "已经整改完毕。", "replied_by": "王工"}


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_numbers_of_a_union_and_kind_count_up_from_one(town: Writer, database: Database) -> None:
    letters = [load(database, town.issue(kind=kind)) for kind in ("notice", "notice", "opinion", "notice")]
    assert [letter.number for letter in letters] == [1, 2, 1, 3]


def test_a_letter_is_found_by_its_number_however_the_brackets_are_written(town: Writer) -> None:
    first, second = (town.issue(subject=f"第{count}份") for count in "一二")
    other_kind = [town.issue(kind="opinion", subject="关于解决隐患的意见书") for _ in range(2)][-1]
    [written] = numbers_in(town.desk.get(f"/console/letters/{second}").ok().text)[:1]
    for typed in (written, written.replace("〔", "[").replace("〕", "]").removesuffix("号")):
        page = town.desk.get(f"/console/letters?q={quote(typed)}").ok().text
        assert [f"/console/letters/{each}" in page for each in (first, second, other_kind)] == [False, True, False]
        assert town.desk.get(f"/console/search?q={quote(typed)}").headers["Location"] == f"/console/letters/{second}"


def test_a_discarded_draft_leaves_no_gap(town: Writer, database: Database) -> None:
    town.issue()
    gone = town.draft()
    assert town.act(gone, "discard").status == 303
    assert load(database, town.issue()).number == 2


def test_a_withdrawn_letter_keeps_its_number(town: Writer, database: Database) -> None:
    first = town.issue()
    assert town.act(first, "withdraw", reason="写错了").status == 303
    assert load(database, first).number == 1
    assert load(database, town.issue()).number == 2


def test_a_new_year_begins_with_one(
    town: Writer, writer_of: Callable[..., Writer], world: World, time_machine: Any, database: Database
) -> None:
    year = load(database, town.issue()).year
    assert year is not None
    time_machine.move_to(datetime(year, 12, 31, 16, 0, 1, tzinfo=UTC))  # midnight in Shanghai
    letter = load(database, writer_of(world.people.town_reviewer, world.unions.seaside).issue())
    assert (letter.year, letter.number) == (year + 1, 1)


def test_an_issued_letter_is_frozen_and_its_hash_is_on_record(town: Writer, database: Database) -> None:
    letter_id = town.issue()
    changed = {
        "kind": "notice", "addressee_id": str(town.addressee_id), "addressee_name": "x", "mark": "海工", "subject": "x",
        "body": "x", "reply_days": "3",
    }  # fmt: skip
    assert town.act(letter_id, "edit", **changed).status == 409
    assert town.act(letter_id, "issue").status == 409
    with database.reading() as session:
        document = session.scalars(select(Frozen).where(Frozen.owner_id == letter_id)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "letter.issue")).one()
    assert document.content_hash == hash_paper(document.words, document.number, day_of(document.issued_at))
    assert entry.detail["content_hash"] == document.content_hash


def test_a_draft_can_be_changed_until_it_is_issued(town: Writer, database: Database) -> None:
    letter_id = town.draft()
    changed = {
        "kind": "proposal", "addressee_id": str(town.addressee_id), "addressee_name": "船厂管理方", "mark": "海工",
        "subject": "建议书", "body": "请整改。", "reply_days": "3",
    }  # fmt: skip
    assert town.act(letter_id, "edit", **changed).status == 303
    assert load(database, letter_id).addressee_name == "船厂管理方"


def test_the_enterprise_answers_once(town: Writer, shipyard: Writer, database: Database) -> None:
    letter_id = town.issue()
    assert shipyard.act(letter_id, "reply", **REPLY).status == 303
    letter = load(database, letter_id)
    assert (letter.status, letter.reply, letter.is_paper) == (LetterStatus.REPLIED, "已经整改完毕。", False)
    assert shipyard.act(letter_id, "reply", **REPLY).status == 409
    assert "已经整改完毕。" in town.desk.get(f"/console/letters/{letter_id}").ok().text


def test_the_union_takes_down_an_answer_on_paper(town: Writer, database: Database) -> None:
    letter_id = town.issue()
    issued = load(database, letter_id).issued_at
    assert issued is not None
    refused = town.act(letter_id, "record_reply", **REPLY, replied_on="2020-01-01")
    assert refused.status == 422
    day = in_shanghai(issued).date().isoformat()
    assert town.act(letter_id, "record_reply", **REPLY, replied_on=day).status == 303
    assert load(database, letter_id).is_paper


def test_each_side_has_its_own_moves(town: Writer, shipyard: Writer) -> None:
    letter_id = town.issue()
    assert town.act(letter_id, "reply", **REPLY).status == 403
    assert shipyard.act(letter_id, "withdraw", reason="不要").status == 403
    assert shipyard.act(letter_id, "record_reply", **REPLY, replied_on="2026-11-23").status in (403, 422)


def test_what_somebody_else_has_changed_meanwhile_is_not_issued_unread(town: Writer, database: Database) -> None:
    letter_id = town.draft()
    seen = str(load(database, letter_id).version)
    changed = {
        "kind": "notice", "addressee_id": str(town.addressee_id), "addressee_name": "船厂", "mark": "海工",
        "subject": "提示函", "body": "二、临边没有护栏。", "reply_days": "3",
    }  # fmt: skip
    assert town.act(letter_id, "edit", **changed).status == 303
    refused = town.act(letter_id, "issue", version=seen)
    assert (refused.status, load(database, letter_id).status) == (409, LetterStatus.DRAFT)
    assert "刚刚有了新的进展" in refused.text


def test_the_page_offers_each_side_what_it_can_do(town: Writer, shipyard: Writer, database: Database) -> None:
    letter_id = town.draft()
    offered = {"edit": "保存草稿", "issue": "发出", "discard": "删除草稿"}
    page = town.desk.get(f"/console/letters/{letter_id}").ok().text
    for move, label in offered.items():
        assert (f"/{move}" in page, label in page) == (True, True)
    assert town.act(letter_id, "issue").status == 303
    shown = [writer.desk.get(f"/console/letters/{letter_id}").ok().text for writer in (town, shipyard)]
    moves = ("edit", "issue", "reply", "record_reply", "withdraw")
    assert [[move for move in moves if f'letters/{letter_id}/{move}"' in page] for page in shown] == [
        ["record_reply", "withdraw"],
        ["reply"],
    ]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("city_reviewer", 200), ("admin", 200), ("district_reviewer", 200), ("town_reviewer", 200),
        ("enterprise_reviewer", 200), ("other_district_reviewer", 404), ("other_town_reviewer", 404),
        ("other_enterprise_reviewer", 404),
    ],
)  # fmt: skip
def test_only_those_whose_scope_holds_the_enterprise_read_it(
    town: Writer, desk_of: DeskOf, world: World, who: str, status: int
) -> None:
    letter_id = town.issue()
    desk = desk_of(getattr(world.people, who))
    for path in ("", "/letter.docx"):
        assert desk.get(f"/console/letters/{letter_id}{path}").status == status
    assert (str(letter_id) in desk.get("/console/letters").ok().text) == (status == 200)


def test_a_draft_is_seen_by_its_own_union_alone(town: Writer, desk_of: DeskOf, world: World) -> None:
    letter_id = town.draft()
    for who in ("enterprise_reviewer", "district_reviewer", "city_reviewer", "admin"):
        assert desk_of(getattr(world.people, who)).get(f"/console/letters/{letter_id}").status == 404


def test_nobody_writes_in_anothers_name_or_outside_of_the_scope(town: Writer, world: World) -> None:
    assert town.try_draft(issuer_id=str(world.unions.south)).status == 403
    assert town.try_draft(addressee_id=str(world.unions.brewery)).status == 404
    assert town.try_draft(addressee_id=str(world.unions.seaside)).status == 422


def test_the_document_says_all_of_it_and_ends_with_the_slip(town: Writer) -> None:
    letter_id = town.issue(body="一、配电箱敞开。\n二、通道堵塞。")
    answer = town.desk.get(f"/console/letters/{letter_id}/letter.docx").ok()
    words = words_of(answer.body)
    for part in ("海工提〔", "关于消除隐患的提示函", "船厂：", "二、通道堵塞。", "回  执", "负责人（签字）", "年"):
        assert part in words
    document = Document(io.BytesIO(answer.body))
    width = document.sections[0].page_width
    assert width is not None
    assert round(width.cm, 1) == 21.0


def test_a_letter_pasted_from_word_is_printed_with_its_lines(town: Writer, database: Database) -> None:
    letter_id = town.issue(
        subject="关于\u202e消除\x07隐患的提示函", addressee_name="船\u200b厂", mark="海工\ufeff",
        body="一、配电箱敞开。\x0b二、通道\x1f堵塞。\r\n三、灭火器过期。",
    )  # fmt: skip
    letter = load(database, letter_id)
    assert letter.body == "一、配电箱敞开。\n二、通道堵塞。\n三、灭火器过期。"
    assert (letter.subject, letter.addressee_name, letter.mark) == ("关于消除隐患的提示函", "船厂", "海工")
    words = words_of(town.desk.get(f"/console/letters/{letter_id}/letter.docx").ok().body)
    assert all(part in words for part in ("一、配电箱敞开。", "二、通道堵塞。", "三、灭火器过期。"))


def test_a_letter_stored_before_control_characters_were_dropped_prints_too(town: Writer, database: Database) -> None:
    letter_id = town.issue()
    with database.transaction() as session:
        letter = session.get_one(Letter, letter_id)
        nul = "\x00" if database.settings.is_sqlite else ""  # PostgreSQL has never stored one
        letter.body, letter.subject = f"一、配电箱\x07敞开。\x0b二、通道堵塞。{nul}", "关于\x0b隐患的提示函"
        letter.mark = letter.issuer_name = letter.addressee_name = "海\x1b工\n"
        session.flush()
        document = session.scalars(select(Frozen).where(Frozen.owner_id == letter_id)).one()
        document.words = freeze(words_of_letter(letter))
    answer = town.desk.get(f"/console/letters/{letter_id}/letter.docx").ok()
    assert "一、配电箱敞开。" in words_of(answer.body)
    assert town.desk.get(f"/console/letters/{letter_id}").status == 200
    assert town.desk.get("/console/letters").status == 200


@pytest.mark.parametrize("name", ["addressee_name", "mark", "subject", "body"])
def test_a_letter_of_nothing_that_can_be_seen_is_refused_and_keeps_what_was_typed(town: Writer, name: str) -> None:
    answer = town.try_draft(**{"body": "一、配电箱敞开。", name: "\u200b\u202e \x07"})
    assert answer.status == 422
    assert "关于消除隐患的提示函" in answer.text or "配电箱敞开" in answer.text


def test_a_letter_from_a_rectification_takes_its_words_and_no_name(
    phone: Phone, town: Writer, world: World, database: Database
) -> None:
    submission_id = phone.report(enterprise_id=world.unions.shipyard)
    sent = {"version": version_of(town.desk, submission_id), "grade": "3"}
    town.desk.post(f"/console/submissions/{submission_id}/accept", sent).ok()
    with database.reading() as session:
        row = session.scalars(select(Rectification)).one()
    assert f"/console/letters/new?rectification={row.id}" in town.desk.get(f"/console/rectifications/{row.id}").text
    page = town.desk.get(f"/console/letters/new?rectification={row.id}&kind=proposal").ok().text
    assert row.excerpt in page
    assert phone.get(f"/api/v1/submissions/{submission_id}").ok().json["number"] in page
    assert "第二十五条" in page
    letter_id = town.issue(rectification=str(row.id), kind="proposal", body=f"1. {row.excerpt}")
    shown = town.desk.get(f"/console/letters/{letter_id}").ok().text
    assert f"/console/rectifications/{row.id}" in shown
    words = words_of(town.desk.get(f"/console/letters/{letter_id}/letter.docx").ok().body)
    for text in (page.split("<main", 1)[1], words):
        assert world.people.worker.name not in text


def test_the_reply_rate_counts_answers_in_time_and_not_withdrawn_ones(town: Writer, shipyard: Writer) -> None:
    answered, withdrawn = town.issue(), town.issue()
    town.issue()
    assert shipyard.act(answered, "reply", **REPLY).status == 303
    assert town.act(withdrawn, "withdraw", reason="重复").status == 303
    text = town.desk.get("/console/letters").ok().text
    assert "按期答复率 50%（按期答复 1 份，发出 2 份" in text


def test_late_answers_do_not_count_as_in_time(town: Writer, shipyard: Writer, database: Database) -> None:
    letter_id = town.issue(reply_days="1")
    shipyard.act(letter_id, "reply", **REPLY)
    with database.transaction() as session:
        letter = session.get_one(Letter, letter_id)
        assert isinstance(letter.replied_on, date)
        letter.due_on = letter.replied_on - timedelta(days=1)
    assert "按期答复率 0%" in town.desk.get("/console/letters").ok().text


def test_overdue_letters_are_marked_and_can_be_filtered(town: Writer, database: Database) -> None:
    letter_id = town.issue()
    assert str(letter_id) not in town.desk.get("/console/letters?status=overdue").ok().text
    with database.transaction() as session:
        session.get_one(Letter, letter_id).due_at = datetime(2026, 1, 5, tzinfo=UTC)
    text = town.desk.get("/console/letters?status=overdue").ok().text
    assert str(letter_id) in text
    assert "逾期未答复" in text


def test_more_letters_take_no_more_statements(town: Writer, database: Database) -> None:
    town.issue()
    town.desk.get("/console/letters")
    with count_statements(database.engine) as few:
        town.desk.get("/console/letters").ok()
    for _ in range(4):
        town.issue()
    with count_statements(database.engine) as many:
        town.desk.get("/console/letters").ok()
    assert len(many) == len(few)


@pytest.mark.settings(soffice="no-such-office")
def test_without_libreoffice_the_page_says_so_and_no_pdf_is_promised(town: Writer) -> None:
    letter_id = town.issue()
    assert "现在只能下载 Word 文件" in town.desk.get(f"/console/letters/{letter_id}").ok().text
    refused = town.desk.post(f"/console/letters/{letter_id}/pdf", {})
    assert refused.status == 409
    assert town.desk.get(f"/console/letters/{letter_id}/letter.pdf").status == 404


@pytest.mark.settings(soffice="false")
def test_a_conversion_that_fails_is_told_and_can_be_tried_again(town: Writer, run_jobs: Callable[..., int]) -> None:
    letter_id = town.issue()
    town.desk.post(f"/console/letters/{letter_id}/pdf", {}).ok()
    run_jobs(expect_failures=True)
    text = town.desk.get(f"/console/letters/{letter_id}").ok().text
    assert "PDF 没有生成" in text
    assert "生成 PDF</button>" in tight(text)


def test_the_pdf_is_handed_out_once_it_was_made(
    town: Writer, run_jobs: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.kit.documents.files.downloads.is_present", lambda _: True)
    monkeypatch.setattr("server.kit.documents.jobs.convert", lambda document, _: b"%PDF-" + document[:2])
    letter_id = town.issue()
    town.desk.post(f"/console/letters/{letter_id}/pdf", {}).ok()
    run_jobs()
    assert town.desk.get(f"/console/letters/{letter_id}/letter.pdf").ok().body == b"%PDF-PK"


class TestAtOnce:
    """On PostgreSQL, where people truly write at the same moment."""

    pytestmark = pytest.mark.servers

    @pytest.fixture
    def backend(self, scaled: Scaled) -> Iterator[Scaled]:
        yield scaled
        scaled.clean()

    def test_letters_issued_at_once_get_numbers_without_gap_or_double(
        self, town: Writer, app: Flask, world: World, database: Database
    ) -> None:
        drafts = [town.draft() for _ in range(8)]
        desk = Desk(InProcess(app)).sign_in(world.people.town_reviewer)
        token = desk.form_token

        def poster(letter_id: Any) -> Callable[[], Any]:
            sent = {"version": "1", "csrf_token": token}
            return lambda: desk.transport.send("POST", f"/console/letters/{letter_id}/issue", fields=sent)

        answers = at_once(*(poster(letter_id) for letter_id in drafts))
        assert [answer.status for answer in answers] == [303] * 8
        assert sorted(load(database, letter_id).number or 0 for letter_id in drafts) == list(range(1, 9))

    def test_of_two_who_issue_one_draft_one_does(
        self, town: Writer, app: Flask, world: World, database: Database
    ) -> None:
        letter_id = town.draft()
        desk = Desk(InProcess(app)).sign_in(world.people.town_reviewer)
        sent = {"version": "1", "csrf_token": desk.form_token}
        path = f"/console/letters/{letter_id}/issue"
        answers = at_once(*(lambda: desk.transport.send("POST", path, fields=sent) for _ in range(2)))
        assert sorted(answer.status for answer in answers) == [303, 409]
        with database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Letter).where(Letter.number == 1)) == 1


def test_the_ledger_of_letters_shows_drafts_to_their_own_union_alone(
    town: Writer, desk_of: DeskOf, world: World
) -> None:
    town.issue()
    town.draft(subject="还没发出的草稿")
    own = desk_of(world.people.town_reviewer).get("/console/letters/ledger.xlsx").ok()
    above = desk_of(world.people.district_reviewer).get("/console/letters/ledger.xlsx").ok()
    shown = [[row["状态"] for row in read_ledger(each.body)] for each in (own, above)]
    assert shown == [["草稿", "待答复"], ["待答复"]]
