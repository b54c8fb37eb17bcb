"""A document goes down two levels, drafted on its page and passed on: the original stays below what was added."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server.assignments.dispatch.models import Recipient
from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.unions.scans.models import LinkedPhone
from tests.integration.notices.conftest import NoticeHands
from tests.support.callers import Desk, Phone
from tests.support.documents import pdf
from tests.support.ledgers import read_ledger
from tests.support.papers import words_in
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
DeskOf = Callable[[Someone | None], Desk]


def drafted(desk: Desk, **changes: str) -> UUID:
    """On the page that a clerk fills in, with an attachment."""
    page = desk.get("/console/assignments/new?kind=notice").ok().text
    assert 'name="details-mark"' in page
    fields = {
        "title": "关于冬季安全的通知", "text": "请各单位研究落实。", "wants_receipt": "1", "may_pass_on": "1",
        "checker": "sender", "remind_days": "3", "levels": "district", "details-form": "document",
        "details-mark": "海工办", "details-urgency": "urgent", "details-contact_name": "王敏",
        "details-used_before": "", **changes,
    }  # fmt: skip
    answer = desk.post("/console/assignments/new?kind=notice", fields)
    assert answer.status == 303, answer.text[:3000]
    draft_id = UUID(re.findall(r"[0-9a-f-]{36}", answer.headers["Location"])[-1])
    address = f"/console/files/{ids.new_id()}?subject=assignment&subject_id={draft_id}&name=检查表.pdf"
    headers = {"X-CSRFToken": desk.csrf_token("/console/"), "Content-Type": "application/octet-stream"}
    assert desk.transport.send("POST", address, body=pdf().content, headers=headers).status == 201
    return draft_id


def test_an_original_stands_whole_below_what_was_added_at_the_desk_and_on_the_phone(
    hands: NoticeHands, desk_of: DeskOf, phone_of: Callable[[Someone | None], Phone], world: World
) -> None:
    city, people, unions = desk_of(world.people.city_reviewer), world.people, world.unions
    notice_id = drafted(city)
    hands.send(notice_id)
    assert "附件：检查表" in words_in(city.get(f"/console/notices/{notice_id}/notice.docx").ok().body)
    row: Recipient = hands.rows(notice_id)[unions.south]
    task = desk_of(people.district_reviewer).get(f"/console/tasks/{row.id}").ok().text
    assert [words in task for words in ("请各单位研究落实。", "检查表.pdf", "海工办〔")] == [True, True, True]

    child = hands.pass_on(row, "district_reviewer")
    hands.send(child, "district_reviewer")
    passed_on = hands.rows(child)[unions.shipyard]
    page = desk_of(people.enterprise_reviewer).get(f"/console/tasks/{passed_on.id}").ok().text
    own, original = page.index("请各企业落实"), page.index("转发的原文")
    assert own < original < page.index("请各单位研究落实。") < page.index("检查表.pdf")

    with hands.database.transaction() as session:
        person, account = people.worker.id, people.enterprise_reviewer.id
        session.add(LinkedPhone(person_id=person, account_id=account, linked_at=clock.now()))
    answer = phone_of(people.worker).get(f"/api/v1/tasks/{passed_on.id}").ok().json
    [said] = answer["originals"]
    facts = {fact["label"]: fact["value"] for fact in said["facts"]}
    assert (answer["text"], said["text"], said["number"]) == (
        "请各企业落实", "请各单位研究落实。", hands.load(notice_id).number,
    )  # fmt: skip
    assert (facts["文号"], facts["联系"]) == (hands.number_of(notice_id), "联系人：王敏")
    assert [each["name"] for each in said["files"]] == ["检查表.pdf"]
    assert {fact["label"] for fact in answer["facts"]} == {"紧急程度"}
    open_paper(answer["papers"], hands, notice_id, phone_of(None))


def open_paper(papers: list[dict[str, str]], hands: NoticeHands, notice_id: UUID, anybody: Phone) -> None:
    """The original's Word file, by a link that holds for itself alone; who opened it is on record."""
    [paper], number, reader = papers, hands.number_of(notice_id), hands.world.people.worker.id
    assert (paper["name"], paper["title"]) == (f"{number}.docx", f"{number}（Word）")
    url = paper["url"]
    assert str(number) in words_in(anybody.get(url).ok().body)
    other = str(hands.world.people.stranger.id)
    for wrong in (url.replace("/docx?", "/pdf?"), url.replace(str(reader), other), url.partition("&s=")[0]):
        assert anybody.get(wrong).code == "link_invalid", wrong
    with hands.database.reading() as session:
        said = select(AuditEntry.subject_id).where(
            AuditEntry.action == "notice.download", AuditEntry.actor_id == reader
        )
        assert session.scalars(said).all() == [str(notice_id)]


def test_what_is_passed_on_is_found_again_by_its_union_and_by_the_sender_once_it_is_sent(
    hands: NoticeHands, desk_of: DeskOf, world: World
) -> None:
    city, district = desk_of(world.people.city_reviewer), desk_of(world.people.district_reviewer)
    notice_id = hands.notice()
    row: Recipient = hands.rows(notice_id)[world.unions.south]
    child = hands.pass_on(row, "district_reviewer")
    link = f'href="/console/assignments/{child}"'

    def in_register() -> str:
        [entry] = read_ledger(district.get("/console/notices/received/ledger.xlsx").ok().body)
        return str(entry["转发下级"] or "")

    def shown() -> tuple[bool, bool, bool]:
        task = district.get(f"/console/tasks/{row.id}").ok().text
        asked = city.get(f"/console/assignments/recipients?assignment={notice_id}").ok().text
        return link in task, "还没有发出" in task, link in asked

    assert shown() == (True, True, False), "a draft is the district's own"
    assert in_register() == ""
    hands.send(child, "district_reviewer")
    assert shown() == (True, False, True)
    assert in_register() == "是"
    assert city.get(f"/console/assignments/{child}").status == 200


def test_details_that_are_wrong_come_back_beside_their_fields(desk_of: DeskOf, world: World) -> None:
    fields = {
        "title": "关于冬季安全的通知", "levels": "district", "checker": "sender", "remind_days": "3",
        "details-form": "document", "details-mark": "", "details-contact_name": "王敏",
    }  # fmt: skip
    refused = desk_of(world.people.city_reviewer).post("/console/assignments/new?kind=notice", fields)
    assert refused.status == 422
    assert "公文要填发文代字" in refused.text
    assert 'value="王敏"' in refused.text
