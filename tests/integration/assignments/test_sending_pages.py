"""Sending down at the console: drafted, looked over, sent, chased, ended; what is refused comes back as typed."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.assignments.dispatch.models import Assignment, Recipient, RecipientStatus
from server.assignments.rollup.jobs import add_up_changed
from server.assignments.rollup.models import RollupCount
from server.core import clock, ids
from server.core.audit.models import AuditEntry
from server.core.db import Database
from server.unions.tree.models import Union, UnionTrait
from tests.integration.assignments.sending import Hands, in_days
from tests.support.callers import Answer, Desk
from tests.support.documents import pdf
from tests.support.world import Someone, World

PATH = "/console/assignments"
PDF = pdf().content
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


@pytest.fixture
def hands(database: Database, world: World, run_jobs: Callable[..., int]) -> Hands:
    return Hands(database, world, run_jobs)


@pytest.fixture
def desk(desk_of: Callable[[Someone], Desk], world: World) -> Desk:
    return desk_of(world.people.city_reviewer)


def draft(desk: Desk, **changes: str | list[str]) -> Answer:
    fields: dict[str, str | list[str]] = {
        "title": "取暖安全检查", "text": "逐户查看", "wants_receipt": "1", "checker": "sender", "remind_days": "3",
        "due_on": in_days(9).isoformat(), "levels": ["town", "enterprise"], **changes,
    }  # fmt: skip
    return desk.post(f"{PATH}/new?kind=task", fields)


def id_of(answer: Answer) -> UUID:
    assert answer.status == 303, answer.text[:3000]
    return UUID(re.findall(r"[0-9a-f-]{36}", answer.headers["Location"])[-1])


def act(desk: Desk, assignment_id: UUID, move: str, hands: Hands, **fields: str) -> Answer:
    sent = {"version": str(hands.load(assignment_id).version), **fields}
    return desk.post(f"{PATH}/{assignment_id}/{move}", sent)


def test_a_draft_is_looked_over_changed_unit_by_unit_and_sent(
    desk: Desk, hands: Hands, world: World, run_jobs: Callable[..., int]
) -> None:
    answer = draft(desk, then="check")
    draft_id = id_of(answer)
    page = desk.get(answer.headers["Location"]).ok().text
    assert "镇街 2 个" in page
    assert "企业 3 个" in page
    assert "发给 5 个单位" in page
    change = f"{PATH}/preview/{draft_id}?assignment={draft_id}"
    for part, union in (("minus", world.unions.bakery), ("plus", world.unions.north), ("copies", world.unions.south)):
        version = str(hands.load(draft_id).version)
        assert desk.post(change, {"version": version, "union": str(union), "part": part}).status == 303
    page = desk.get(answer.headers["Location"]).ok().text
    assert "发给 5 个单位" in page
    assert "另抄送 1 个" in page
    assert act(desk, draft_id, "send", hands).status == 303
    assert "0 / 6 个单位" in desk.get(f"{PATH}/{draft_id}").ok().text
    run_jobs()
    assert "已发给 6 个单位" in desk.get(f"{PATH}/{draft_id}/progress").ok().text
    rows = hands.rows(draft_id)
    assert world.unions.bakery not in rows
    assert rows[world.unions.south].is_copy
    assert "取暖安全检查" in desk.get(PATH).ok().text


def test_saving_a_draft_again_keeps_the_units_that_were_named(desk: Desk, hands: Hands, world: World) -> None:
    draft_id = id_of(draft(desk))
    fields = {"version": "1", "union": str(world.unions.bakery), "part": "minus"}
    desk.post(f"{PATH}/preview/{draft_id}?assignment={draft_id}", fields)
    fields = {"version": "2", "title": "新标题", "checker": "nobody", "remind_days": "1", "levels": "enterprise"}
    assert desk.post(f"{PATH}/{draft_id}", fields).status == 303
    found = hands.load(draft_id)
    assert (found.title, found.rule["minus"], found.due_on) == ("新标题", [str(world.unions.bakery)], None)
    page = desk.get(f"{PATH}/{draft_id}").ok().text
    assert "去掉 1 个单位" in page


def test_what_is_refused_comes_back_as_it_was_typed(desk: Desk, hands: Hands) -> None:
    answer = draft(desk, title="", text="写了很多")
    assert (answer.status, "写了很多" in answer.text) == (422, True)
    assert draft(desk, remind_days="900").status == 422
    assert draft(desk, levels="city").status == 422
    draft_id = id_of(draft(desk))
    stale = desk.post(f"{PATH}/{draft_id}", {"version": "7", "title": "改过的", "checker": "sender"})
    assert (stale.status, "改过的" in stale.text) == (409, True)
    refused = act(desk, id_of(draft(desk, levels=[])), "send", hands)
    assert (refused.status, "没有选中" in refused.text) == (422, True)


def test_those_who_owe_it_are_listed_with_a_number_to_call_which_is_on_record(
    desk: Desk, hands: Hands, world: World, database: Database
) -> None:
    with database.transaction() as session:
        shipyard = session.get_one(Union, world.unions.shipyard)
        shipyard.safety_officer_name, shipyard.safety_officer_phone = "刘安", "13900001111"
    sent = hands.sent()
    page = desk.get(f"{PATH}/recipients?assignment={sent}").ok().text
    assert "13900001111" in page
    assert "蓝海船舶修造有限公司" in page
    assert "data-row" in page
    assert "data-row" not in desk.get(f"{PATH}/recipients?assignment={sent}&status=submitted").ok().text
    for query in ("status=missing", "level=enterprise", "flag=high_risk", "late=1", "state=sent", "q=蓝海",
                  f"union={world.unions.south}"):  # fmt: skip
        assert desk.get(f"{PATH}/recipients?assignment={sent}&{query}").status == 200
    assert desk.get(f"{PATH}/recipients/ledger.xlsx?assignment={sent}").ok().body[:2] == b"PK"
    with database.reading() as session:
        viewed = select(AuditEntry.detail).where(AuditEntry.action == "assignment.contacts_viewed")
        assert {"count": 1} in session.scalars(viewed).all()


def test_units_are_withdrawn_by_selection_and_added_with_a_reason(desk: Desk, hands: Hands, world: World) -> None:
    sent = hands.sent(levels=(), plus=(world.unions.shipyard, world.unions.bakery))
    row = hands.rows(sent)[world.unions.bakery]
    path = f"{PATH}/recipients/withdraw?assignment={sent}"
    assert desk.post(path, {"picked": str(row.id), "reason": ""}).status == 422
    assert desk.post(path, {"picked": str(row.id), "reason": "停产"}).status == 303
    assert hands.rows(sent)[world.unions.bakery].withdrawn_reason == "停产"
    fields = {"union": str(world.unions.brewery), "reason": "漏了"}
    assert desk.post(f"{PATH}/{sent}/recipients?assignment={sent}", fields).status == 303
    assert world.unions.brewery in hands.rows(sent)


def test_all_that_the_list_holds_is_urged_or_withdrawn_at_once_and_the_ledger_names_it(
    desk: Desk, hands: Hands, world: World
) -> None:
    sent = hands.sent(title="冬季检查", wants_reply=True)
    others = hands.sent()
    path, whole = f"{PATH}/recipients/%s?assignment={sent}&union={world.unions.south}", {"whole_list": "1"}
    shipyard = {"picked": str(hands.rows(sent)[world.unions.shipyard].id)}
    for picked in (shipyard, whole):  # once a day: the second time the other one is left
        answer = desk.post(path % "urge", picked)
        assert "已催办 1 个单位" in desk.get(answer.headers["Location"]).text
    assert desk.post(path % "urge", {}).status == 422
    assert desk.post(path % "withdraw", {**whole, "reason": "停产"}).status == 303
    below = {row.union_id for row in hands.rows(sent).values() if row.district_id == world.unions.south}
    gone = {each for each, row in hands.rows(sent).items() if row.withdrawn_reason}
    assert gone == below != set(hands.rows(sent))
    assert not any(row.withdrawn_reason for row in hands.rows(others).values())
    ledger = desk.get(f"{PATH}/recipients/ledger.xlsx?assignment={sent}").ok()
    assert unquote(ledger.headers["Content-Disposition"]).count("“冬季检查”签收和办理情况表")


def test_it_is_urged_replaced_closed_and_withdrawn_from_its_page(desk: Desk, hands: Hands) -> None:
    sent = hands.sent()
    assert act(desk, sent, "urge", hands).status == 303
    assert act(desk, sent, "withdraw", hands).status == 422, "no reason"
    new = id_of(act(desk, sent, "replace", hands, reason="改了日期"))
    assert "新版本" in desk.get(f"{PATH}/{new}").ok().text
    hands.send(new)
    page = desk.get(f"{PATH}/{sent}").ok().text
    assert "已被替代" in page
    assert str(new) in page
    assert act(desk, new, "close", hands).status == 303
    other = hands.sent()
    assert act(desk, other, "withdraw", hands, reason="发错了").status == 303
    assert "发错了" in desk.get(f"{PATH}/{other}").ok().text
    assert id_of(act(desk, other, "copy", hands)) != other
    assert "取暖" not in desk.get(f"{PATH}?status=ended").ok().text
    assert act(desk, id_of(draft(desk)), "discard", hands).status == 303


def test_a_district_passes_on_from_its_own_page(desk_of: Callable[[Someone], Desk], hands: Hands, world: World) -> None:
    row = hands.rows(hands.sent(levels=("district",), may_pass_on=True))[world.unions.south]
    district = desk_of(world.people.district_reviewer)
    path = f"{PATH}/pass-on/{row.id}"
    assert "转发给下级" in district.get(path).ok().text
    fields = {"version": str(row.version), "title": "请落实", "text": "本级要求", "remind_days": "1",
              "levels": "enterprise", "due_on": in_days(30).isoformat()}  # fmt: skip
    late = district.post(path, fields)
    assert (late.status, "本级要求" in late.text) == (422, True)
    child = id_of(district.post(path, {**fields, "due_on": in_days(2).isoformat()}))
    page = district.get(f"{PATH}/preview?assignment={child}").ok().text
    assert "发给 2 个单位" in page
    assert "转发的是" in district.get(f"{PATH}/{child}").ok().text
    draft_page = district.get(f"{PATH}/{child}").ok().text
    assert "上级要求的日期已过" not in draft_page
    again = district.get(path)  # an old tab, or the browser's way back
    assert (again.status, again.headers["Location"]) == (303, f"{PATH}/{child}")
    assert "已经起草了转发" in district.get(f"{PATH}/{child}").ok().text
    assert desk_of(world.people.other_district_reviewer).get(path).status == 404


def test_what_the_date_above_has_passed_for_is_passed_on_with_a_later_one_and_late_above(
    desk_of: Callable[[Someone], Desk], hands: Hands, world: World, database: Database
) -> None:
    """Begun after that day, or drafted before it and sent after it."""
    sent = hands.sent(levels=("district",), may_pass_on=True, wants_reply=True)
    rows, drafted = hands.rows(sent), hands.pass_on(hands.rows(sent)[world.unions.north], "other_district_reviewer")
    yesterday = clock.now() - timedelta(days=1)
    with database.transaction() as session:
        past = {"due_on": in_days(-1), "due_at": yesterday}
        session.execute(update(Assignment).where(Assignment.id.in_((sent, drafted))).values(**past))
        session.execute(update(Recipient).values(due_at=yesterday))
    row, district = rows[world.unions.south], desk_of(world.people.district_reviewer)
    path = f"{PATH}/pass-on/{row.id}"
    assert "上级要求的日期已过" in district.get(path).ok().text
    fields = {"version": str(row.version), "title": "请落实", "text": "", "remind_days": "1", "levels": "enterprise"}
    for day, words in (("", "请另定一个日期"), (in_days(-1).isoformat(), "不能早于今天")):
        refused = district.post(path, {**fields, "due_on": day})
        assert (refused.status, words in refused.text) == (422, True), day
    child = id_of(district.post(path, {**fields, "due_on": in_days(5).isoformat()}))
    assert "上级要求的日期已过" in district.get(f"{PATH}/{child}").ok().text
    assert act(district, child, "send", hands).status == 303
    hands.run_jobs()
    assert hands.rows(child)[world.unions.shipyard].due_at is not None
    other = desk_of(world.people.other_district_reviewer)
    assert "不能早于今天" in act(other, drafted, "send", hands).text
    changed = {"title": "请落实", "remind_days": "3", "levels": "enterprise", "due_on": in_days(3).isoformat()}
    assert other.post(f"{PATH}/{drafted}", {**changed, "version": "1"}).status == 303
    assert act(other, drafted, "send", hands).status == 303

    with database.transaction() as session:
        values = {"status": RecipientStatus.SUBMITTED, "submitted_at": clock.now(), "first_submitted_at": clock.now(),
                  "submitted_by_id": world.people.enterprise_reviewer.id}  # fmt: skip
        session.execute(update(Recipient).where(Recipient.union_id == world.unions.shipyard).values(**values))
    add_up_changed(database)
    with database.reading() as session:
        counted = session.get_one(RollupCount, (sent, world.unions.city, "enterprise"))
        assert (counted.answered, counted.in_time) == (1, 0)
    late = [desk_of(who).get(f"{PATH}/answers?assignment={of}").ok().text.count("逾期</span>")
            for who, of in ((world.people.city_reviewer, sent), (world.people.district_reviewer, child))]  # fmt: skip
    assert late == [1, 0], "late above, in time for whoever gave the later date"


def test_tags_are_read_one_by_one_and_those_that_nobody_has_are_named(
    desk: Desk, hands: Hands, world: World, database: Database
) -> None:
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(tags="、试点、老旧厂房、"))
        session.execute(update(Union).where(Union.id == world.unions.brewery).values(tags="、重点、"))
    unknown = draft(desk, levels="enterprise", tags=["试点", "示范"])
    assert (unknown.status, "没有单位有这个标签：示范" in unknown.text) == (422, True)
    page = ""
    for typed in ("试点、重点", "试点，重点", "试点,重点；试点", "试点 重点"):
        draft_id = id_of(draft(desk, levels="enterprise", tags=typed))
        page = desk.get(f"{PATH}/preview?assignment={draft_id}").ok().text
        assert "发给 2 个单位" in page, typed
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.brewery).values(tags=None))
    late = act(desk, UUID(page.split("preview/")[1][:36]), "send", hands)
    assert (late.status, "没有单位有这个标签：重点" in late.text) == (422, True)


def test_nobody_else_reads_changes_or_counts_it(desk_of: Callable[[Someone], Desk], hands: Hands, world: World) -> None:
    sent, secret = (
        hands.sent("district_reviewer", title="南区的事"),
        hands.draft("district_reviewer", title="草稿区的事"),
    )
    people = world.people
    for who in (people.other_district_reviewer, people.town_reviewer):
        desk = desk_of(who)
        for path in (f"{PATH}/{sent}", f"{PATH}/{secret}", f"{PATH}/recipients?assignment={sent}",
                     f"{PATH}/preview?assignment={secret}", f"{PATH}/{sent}/progress",
                     f"{PATH}/recipients?assignment={ids.new_id()}"):  # fmt: skip
            assert desk.get(path).status == 404
        assert act(desk, sent, "withdraw", hands, reason="我说的").status == 404
        assert "区的事" not in desk.get(f"{PATH}?below=1&status=all").ok().text
    city = desk_of(people.city_reviewer)
    assert "南区的事" in city.get(f"{PATH}?below=1").ok().text
    assert "草稿区的事" not in city.get(f"{PATH}?below=1&status=all").ok().text
    assert "南区的事" not in city.get(PATH).ok().text, "what lies below is shown on demand"
    assert act(city, sent, "withdraw", hands, reason="我说的").status == 403
    assert desk_of(people.enterprise_reviewer).get(PATH).status == 403


def test_it_is_found_by_its_number_and_by_words(desk: Desk, hands: Hands) -> None:
    sent = hands.sent(title="取暖安全检查")
    number = str(hands.load(sent).number)
    assert desk.get(f"{PATH}?q={number}").headers["Location"].startswith(f"{PATH}/{sent}")
    assert "取暖安全检查" in desk.get(f"{PATH}?q=取暖").ok().text
    assert desk.get(f"{PATH}/ledger.xlsx").ok().body[:2] == b"PK"


def attach(desk: Desk, assignment_id: UUID, content: bytes = PDF) -> Answer:
    address = f"/console/files/{ids.new_id()}?subject=assignment&subject_id={assignment_id}&name=附件.pdf"
    headers = {"X-CSRFToken": desk.csrf_token("/console/"), "Content-Type": "application/octet-stream"}
    return desk.transport.send("POST", address, body=content, headers=headers)


def test_attachments_go_with_it_and_never_change_once_it_is_sent(
    desk: Desk, desk_of: Callable[[Someone], Desk], hands: Hands, world: World
) -> None:
    draft_id = id_of(draft(desk))
    assert attach(desk, draft_id).status == 201
    assert attach(desk_of(world.people.district_reviewer), draft_id).status == 404
    assert "附件.pdf" in desk.get(f"{PATH}/{draft_id}").ok().text
    hands.send(draft_id)
    refused = attach(desk, draft_id)
    assert (refused.status, "不能再改" in refused.text) == (409, True)
    page = desk.get(f"{PATH}/{draft_id}").ok().text
    [file_id] = re.findall(r"/console/files/([0-9a-f-]{36})", page)
    assert desk_of(world.people.enterprise_reviewer).get(f"/console/files/{file_id}").status == 302
    copied = id_of(act(desk, draft_id, "copy", hands))
    assert "附件.pdf" in desk.get(f"{PATH}/{copied}").ok().text
    assert desk_of(world.people.enterprise_reviewer).get(f"/console/files/{file_id}").status == 302
    [copy_id] = re.findall(r"/console/files/([0-9a-f-]{36})", desk.get(f"{PATH}/{copied}").text)
    assert desk_of(world.people.enterprise_reviewer).get(f"/console/files/{copy_id}").status == 404, "of a draft"
    assert act(desk, copied, "discard", hands).status == 303
    assert desk.get(f"/console/files/{copy_id}").status == 404


def test_enterprises_are_chosen_by_what_they_said_they_have(desk: Desk, hands: Hands, world: World) -> None:
    with hands.database.transaction() as session:
        for union_id, holds in ((world.unions.shipyard, True), (world.unions.bakery, False)):
            session.add(
                UnionTrait(
                    id=ids.new_id(), union_id=union_id, trait="coal_boiler", holds=holds, answered_at=clock.now(),
                    answered_by_id=world.people.town_reviewer.id,
                )
            )  # fmt: skip
    draft_id = id_of(draft(desk, levels="enterprise", traits="coal_boiler"))
    hands.send(draft_id)
    assert set(hands.rows(draft_id)) == {world.unions.shipyard, world.unions.brewery}, "and who was not asked yet"
