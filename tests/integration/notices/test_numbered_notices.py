"""Numbered notices: numbers without gaps, one paper that is frozen at sending, versions that name each other."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from docx import Document as Word
from sqlalchemy import select

from server.assignments.dispatch.models import AssignmentStatus
from server.core.audit.models import AuditEntry
from server.core.clock import day_in_words, day_of, in_shanghai
from server.core.db import Database
from server.core.errors import Invalid
from server.kit.documents.models import Document
from server.unions.roles import Level
from server.unions.tree.models import Union
from tests.integration.notices.conftest import DOCUMENT, NoticeHands
from tests.support.callers import Desk
from tests.support.papers import words_in
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
DeskOf = Callable[[Someone | None], Desk]


@pytest.fixture
def city(desk_of: DeskOf, world: World) -> Desk:
    return desk_of(world.people.city_reviewer)


def paper_of(desk: Desk, notice_id: UUID) -> bytes:
    return desk.get(f"/console/notices/{notice_id}/notice.docx").ok().body


def test_numbers_count_up_by_mark_without_gaps_and_light_notices_have_none(hands: NoticeHands) -> None:
    year = in_shanghai(datetime.now(UTC)).year
    sent = [hands.document(), hands.document(details={"mark": "海工发"}), hands.notice(), hands.document()]
    numbers = [f"海工办〔{year}〕1号", f"海工发〔{year}〕1号", None, f"海工办〔{year}〕2号"]
    assert [hands.number_of(each) for each in sent] == numbers
    assert all((hands.load(each).number or "").endswith("T") for each in sent)


def test_a_sending_that_is_refused_takes_no_number_and_a_withdrawn_one_keeps_its_own(hands: NoticeHands) -> None:
    first = hands.document()
    nobody = hands.draft_notice(details=DOCUMENT, levels=(Level.TOWN,), minus=tuple(_towns(hands)))
    with pytest.raises(Invalid):
        hands.send(nobody)
    hands.withdraw(first)
    second = hands.document()
    assert (hands.number_of(first) or "").endswith("〕1号")
    assert (hands.number_of(second) or "").endswith("〕2号")
    assert hands.number_of(nobody) is None


def _towns(hands: NoticeHands) -> list[UUID]:
    return [hands.world.unions.seaside, hands.world.unions.hillside]


def test_the_first_number_follows_those_that_were_given_elsewhere_this_year(hands: NoticeHands) -> None:
    year = in_shanghai(datetime.now(UTC)).year
    sent = [hands.document(details={"used_before": used}) for used in (27, 27, None)]
    assert [hands.number_of(each) for each in sent] == [f"海工办〔{year}〕{number}号" for number in (28, 29, 30)]


def test_a_new_year_begins_with_one(hands: NoticeHands, time_machine: Any) -> None:
    hands.document()
    year = in_shanghai(datetime.now(UTC)).year
    time_machine.move_to(datetime(year, 12, 31, 16, 0, 1, tzinfo=UTC))  # midnight in Shanghai
    assert hands.number_of(hands.document()) == f"海工办〔{year + 1}〕1号"


def test_what_is_to_be_numbered_needs_a_mark_and_what_is_typed_must_be_one(hands: NoticeHands) -> None:
    wrong = (
        {"form": "document"},
        *({"form": "document", "mark": mark} for mark in ("海工〔2026〕", "<b>海工</b>", "海", "海工办" * 4)),
        {"contact_phone": "打给我"},
    )
    fields = []
    for details in wrong:
        with pytest.raises(Invalid) as caught:
            hands.draft_notice(details=details)
        fields.append(list(caught.value.fields or {}))
    assert fields == [*[["details-mark"]] * 5, ["details-contact_phone"]]


def test_the_paper_says_what_was_sent_to_whom_and_by_whom(hands: NoticeHands, city: Desk, world: World) -> None:
    details = {
        "urgency": "most_urgent", "copied_to": "市应急管理局", "contact_name": "王敏", "contact_phone": "0532-80000000",
    }  # fmt: skip
    text = "现将有关事项通知如下。\n一、检查范围\n各级工会。"
    notice_id = hands.document(details=details, text=text, copies=(world.unions.seaside,))
    said = words_in(paper_of(city, notice_id))
    today = day_in_words(day_of(datetime.now(UTC)))
    with hands.database.reading() as session:
        seaside = _name(session, world.unions.seaside)
        issuer = _name(session, world.unions.city)
    lines = [line for line in said.split("\n") if line.strip()]
    assert lines[:5] == [
        "特急",
        f"{issuer}文件",
        hands.number_of(notice_id),
        hands.load(notice_id).title,
        "各区市总工会：",
    ]
    assert lines[5:8] == ["现将有关事项通知如下。", "一、检查范围", "各级工会。"]
    assert lines[8:11] == [issuer, today, "（联系人：王敏；电话：0532-80000000）"]
    assert f"抄送：{seaside}，市应急管理局。" in lines
    assert lines[-1] == f"{issuer}\t{today}印发"


def _name(session: Any, union_id: UUID) -> str:
    return str(session.get_one(Union, union_id).name)


def test_the_paper_is_frozen_and_its_hash_on_record(hands: NoticeHands, city: Desk, database: Database) -> None:
    notice_id = hands.document()
    before = paper_of(city, notice_id)
    with database.transaction() as session:
        document = session.scalars(select(Document).where(Document.owner_id == notice_id)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "notice.number")).one()
        hands_over = session.get_one(type(hands.load(notice_id)), notice_id)
        hands_over.title = "别的题目"
    assert entry.detail == {"number": document.number, "content_hash": document.content_hash}
    assert paper_of(city, notice_id) == before
    assert "别的题目" not in city.get(f"/console/notices/{notice_id}").ok().text


def test_a_draft_is_printed_as_one(hands: NoticeHands, city: Desk) -> None:
    draft_id = hands.draft_notice(details=DOCUMENT)
    assert "（草稿，未编号）" in words_in(paper_of(city, draft_id))
    assert "草稿，发出时编号" in city.get(f"/console/notices/{draft_id}").ok().text
    assert city.post(f"/console/notices/{draft_id}/pdf", {}, form="/console/").status == 409


def test_a_new_version_names_the_one_that_it_replaces(hands: NoticeHands, city: Desk) -> None:
    first = hands.document()
    second = hands.replace(first)
    assert hands.load(first).status is AssignmentStatus.REPLACED
    number = hands.number_of(first)
    assert f"本文代替《{hands.load(first).title}》（{number}），原文不再执行。" in words_in(paper_of(city, second))
    assert hands.number_of(second) != number


def test_who_got_it_reads_the_paper_also_where_it_was_passed_on_and_nobody_else(
    hands: NoticeHands, desk_of: DeskOf, world: World
) -> None:
    notice_id = hands.document(levels=(), plus=(world.unions.south,))
    path = f"/console/notices/{notice_id}"
    row = hands.rows(notice_id)[world.unions.south]
    assert desk_of(world.people.district_reviewer).get(f"{path}/notice.docx").status == 200
    assert desk_of(world.people.other_district_reviewer).get(path).status == 404
    enterprise = desk_of(world.people.enterprise_reviewer)
    assert enterprise.get(path).status == 404
    child = hands.pass_on(row, "district_reviewer")
    hands.send(child, "district_reviewer")
    assert enterprise.get(path).status == 200
    assert hands.number_of(child) is None
    assert desk_of(world.people.other_enterprise_reviewer).get(f"{path}/notice.docx").status == 404


def test_a_light_notice_has_no_paper(hands: NoticeHands, city: Desk) -> None:
    notice_id = hands.notice()
    assert city.get(f"/console/notices/{notice_id}").status == 404
    assert city.get(f"/console/notices/{notice_id}/notice.docx").status == 404


def test_the_layout_is_that_of_official_documents(hands: NoticeHands, city: Desk) -> None:
    word = Word(io.BytesIO(paper_of(city, hands.document())))
    section = word.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(each / 360_000, 1) for each in (section.page_width, section.page_height, *margins) if each] == [
        21.0, 29.7, 3.7, 3.5, 2.8, 2.6,
    ]  # fmt: skip
    day = next(each for each in word.paragraphs if each.text.startswith("20") and each.text.endswith("日"))
    assert day.paragraph_format.right_indent.pt == 64  # four characters of 16 points
    assert "PAGE" in section.footer._element.xml
    assert "PAGE" in section.even_page_footer._element.xml
