"""A union answers what it was asked: drafts, two people at once, sending, and what it must not do."""

import re
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from server.assignments.dispatch.actions import (
    close_assignment,
    replace_assignment,
    send_assignment,
    urge,
    withdraw_assignment,
)
from server.assignments.dispatch.models import Assignment, Checker, Recipient, RecipientStatus
from server.assignments.dispatch.sending.reminding import remind_some
from server.core import clock, ids
from server.core.clock import SHANGHAI
from server.core.db import Database
from server.notifications.inbox.models import InboxMessage
from server.unions.people.models import RoleAssignment
from server.unions.roles import Role
from tests.integration.assignments.answering import Cast
from tests.support.callers import Answer
from tests.support.inbox import titles_told
from tests.support.tasks import Officer, load_assignment, load_draft, load_row, load_versions

WORKING_DAY = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday
pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)


def test_a_draft_is_kept_gone_on_with_by_a_colleague_and_sent_frozen(cast: Cast, database: Database) -> None:
    task = cast.ask()
    unit, colleague = cast.unit(task), cast.colleague(task)
    assert unit.fill(f1="周工", f2="3").status == 303
    row = load_row(database, task)
    assert (row.status, row.received_by_id) == (RecipientStatus.BEGUN, cast.world.people.enterprise_reviewer.id)
    assert 'value="3"' in colleague.page
    assert colleague.fill("submit", f2="4").status == 303
    [sent] = load_versions(database, task)
    assert (sent.number, sent.answers["f2"], len(sent.content_hash)) == (1, 4, 64)
    row = load_row(database, task)
    assert (row.status, row.submitted_by_id) == (RecipientStatus.SUBMITTED, sent.submitted_by_id)
    assert "第 1 次提交" in unit.page
    assert unit.fill(version="2", key=str(ids.new_id())).status == 409


def test_of_two_colleagues_at_once_both_keep_their_words(cast: Cast, database: Database) -> None:
    task = cast.ask()
    unit, colleague = cast.unit(task), cast.colleague(task)
    before = colleague.hidden()
    assert unit.fill(f1="周工", f2="3").status == 303
    refused = colleague.fill(f1="吴工", f2="3", **before)
    assert refused.status == 409
    assert 'value="吴工"' in refused.text
    assert "现在保存的是：周工" in refused.text
    assert refused.text.count("现在保存的是") == 1
    draft = load_draft(database, task)
    assert draft is not None
    assert draft.answers["f1"] == "周工"
    version = re.search(r'name="version"\s+value="(\d+)"', refused.text)
    assert version is not None
    assert colleague.fill(f1="吴工", f2="3", version=version[1]).status == 303


def test_the_same_words_again_are_no_conflict(cast: Cast, database: Database) -> None:
    task = cast.ask()
    unit = cast.unit(task)
    before = unit.hidden()
    for _ in range(2):
        assert unit.fill(**before).status == 303
    draft = load_draft(database, task)
    assert draft is not None
    assert draft.version == 1


def test_a_version_longer_than_any_number_is_an_old_page(cast: Cast) -> None:
    unit = cast.unit(cast.ask())
    assert unit.fill().status == 303
    for what in ("save", "submit"):
        refused = unit.fill(what, f1="吴工", version="9" * 5000)
        assert (refused.status, 'value="吴工"' in refused.text) == (409, True)


def test_what_cannot_be_sent_yet_is_kept_and_said_beside_its_field(cast: Cast, database: Database) -> None:
    task = cast.ask()
    unit = cast.unit(task)
    refused = unit.fill("submit", f1="", f2="两台", f4="yes", f5="每班两人")
    assert refused.status == 422
    assert refused.text.count("field-error") >= 2
    assert "两台" in refused.text
    draft = load_draft(database, task)
    assert draft is not None
    assert draft.answers == {"f4": True, "f5": "每班两人", "c1": {"result": "passed", "words": "", "photos": []}}
    assert load_versions(database, task) == []


def test_a_script_saves_what_is_right_and_is_told_the_rest(cast: Cast) -> None:
    task = cast.ask()
    unit = cast.unit(task)
    accept = {"Accept": "application/json"}
    sent = {**unit.hidden(), "f1": "周工", "f2": "两台"}
    kept = unit.desk.post(f"{unit.path}/save", sent, headers=accept).ok().json
    assert (kept["version"], list(kept["errors"])) == (1, ["f2"])
    stale = unit.desk.post(f"{unit.path}/save", {**sent, "f1": "吴工"}, headers=accept)
    assert (stale.status, stale.code) == (409, "stale")


def test_sent_twice_it_is_one_and_with_other_words_refused(cast: Cast, database: Database) -> None:
    task = cast.ask()
    unit = cast.unit(task)
    hidden = unit.hidden()
    assert [unit.fill("submit", **hidden).status for _ in range(2)] == [303, 303]
    assert unit.fill("submit", f1="吴工", **hidden).status == 409
    assert len(load_versions(database, task)) == 1


def test_returned_with_remarks_corrected_and_accepted_keeps_every_version(cast: Cast, database: Database) -> None:
    task = cast.ask()
    unit, town = cast.unit(task), cast.town(task)
    unit.fill("submit", f2="3", text="都查过了")
    version = load_row(database, task).version
    returned = town.decide("return", version, **{"remark.f2": "台数和台账不符", "remark": "请核对"})
    assert returned.status == 303
    page = unit.page
    assert "要改：台数和台账不符" in page
    assert "请核对" in page
    assert unit.fill("submit", f2="2", text="都查过了").status == 303
    first, second = load_versions(database, task)
    assert (first.answers["f2"], first.remarks, first.outcome) == (3, {"f2": "台数和台账不符"}, "returned")
    assert (second.number, second.answers["f2"], second.outcome) == (2, 2, None)
    compared = town.desk.get(f"{town.path}/versions").ok().text
    assert "不一样的有 1 处" in compared
    assert town.decide("accept", load_row(database, task).version).status == 303
    row = load_row(database, task)
    assert (row.status, row.return_count) == (RecipientStatus.ACCEPTED, 1)
    assert "审核通过" in unit.page


def test_a_return_says_what_is_to_be_corrected_and_where(cast: Cast, database: Database) -> None:
    task = cast.ask()
    town = cast.town(task)
    cast.unit(task).fill("submit")
    version = load_row(database, task).version
    assert town.decide("return", version).status == 422
    assert town.decide("return", version, **{"remark.zz": "没有这一项"}).status == 422
    stale = town.decide("return", version - 1, remark="改一改")
    assert (stale.status, "改一改" in stale.text) == (409, True)


def test_nobody_checks_what_they_sent_themselves(cast: Cast, database: Database) -> None:
    task = cast.ask()
    both = cast.reviewer(cast.world.unions.seaside, Role.TOWN_REVIEWER)
    with database.transaction() as session:
        session.execute(update(Recipient).values(named_id=None))
    cast.unit(task).fill("submit")
    with database.transaction() as session:
        session.execute(update(Recipient).where(Recipient.id == task).values(submitted_by_id=both.id))
    desk = cast.desk_of(both)
    version = load_row(database, task).version
    refused = desk.post(f"/console/tasks/{task}/accept", {"version": str(version)})
    assert (refused.status, "自己提交的" in refused.text) == (403, True)
    picked = {"picked": f"{task}:{version}"}
    assert desk.post("/console/tasks/check/accept", picked).status == 303
    assert load_row(database, task).status is RecipientStatus.SUBMITTED


def test_others_do_not_find_it_and_an_enterprise_sees_no_other(cast: Cast, database: Database) -> None:
    unions, people = cast.world.unions, cast.world.people
    rows = cast.sender.rows(cast.sender.send([unions.shipyard, unions.bakery]))
    task = rows[unions.shipyard]
    cast.unit(task).fill("submit", f1="机密负责人")
    baker = cast.reviewer(unions.bakery)
    for who in (baker, people.other_enterprise_reviewer, people.other_town_reviewer, people.other_district_reviewer):
        desk = cast.desk_of(who)
        for part in ("", "/check", "/paper", "/versions"):
            assert desk.get(f"/console/tasks/{task}{part}").status == 404, (who.name, part)
        for move in ("save", "submit", "sign"):
            assert desk.post(f"/console/tasks/{task}/{move}", {"version": "1"}).status in (403, 404)
        assert "冬季取暖检查" not in desk.get("/console/tasks?status=submitted").ok().text
    above = cast.desk_of(people.district_reviewer)
    assert "机密负责人" in above.get(f"/console/tasks/{task}/check").ok().text
    version = load_row(database, task).version
    assert above.post(f"/console/tasks/{task}/accept", {"version": str(version)}).status == 403


def test_the_sender_sees_no_draft(cast: Cast) -> None:
    task = cast.ask()
    cast.unit(task).fill(f1="写到一半")
    page = cast.town(task).desk.get(f"/console/tasks/{task}/check").ok().text
    assert "还没有交来" in page
    assert "写到一半" not in page
    assert cast.town(task).desk.get(f"/console/tasks/{task}/paper").status == 404


def name(officer: Officer, person_id: UUID | str, database: Database) -> Answer:
    version = load_row(database, officer.task).version
    return officer.desk.post(f"{officer.path}/name", {"version": str(version), "person": str(person_id)})


def chase(cast: Cast, task: UUID, database: Database) -> None:
    """Urge whoever owes it by hand, and remind them of a date that has passed, as on a day on which nobody did yet."""
    assignment_id, day = load_row(database, task).assignment_id, clock.day_of(WORKING_DAY)
    with database.transaction() as session:
        session.execute(update(Assignment).values(sent_at=WORKING_DAY - timedelta(days=9)))
        session.execute(update(Assignment).values(due_on=day - timedelta(days=1), due_at=WORKING_DAY))
        session.execute(update(Recipient).values(urged_on=None, reminded_on=None))
        session.execute(delete(InboxMessage).where(InboxMessage.title.in_(("任务催办", "任务已逾期"))))
        urge(session, assignment_id, actor=cast.sender.actor, now=clock.now())
    cast.run_jobs()
    with database.transaction() as session:
        remind_some(session, now=WORKING_DAY)


def test_who_is_named_answers_alone_and_colleagues_see_it_until_they_leave(cast: Cast, database: Database) -> None:
    """Named and changed by colleagues, told to whom it concerns, on record; who left their post holds nothing up."""
    task, people = cast.ask(), cast.world.people
    unit, other = cast.unit(task), cast.reviewer(cast.world.unions.shipyard)
    colleague = Officer(cast.desk_of(other), task)
    for stranger in (people.worker.id, people.town_reviewer.id):
        assert name(unit, stranger, database).status == 422
    assert name(cast.town(task), other.id, database).status == 403
    assert name(unit, people.enterprise_reviewer.id, database).status == 303
    assert unit.fill(f1="周工").status == 303
    assert f"由{people.enterprise_reviewer.name}填报" in colleague.page
    assert "指定由另一位同事" in colleague.page
    assert "周工" in colleague.page
    assert colleague.desk.post(f"{colleague.path}/save", {"version": "1", "f1": "吴工"}).status == 403
    assert name(colleague, other.id, database).status == 303
    assert titles_told(database, people.enterprise_reviewer.id)[-1] == "填报换了人"
    assert "请您填报" not in titles_told(database, other.id)  # said by themselves
    assert unit.fill(f1="周工改").status == 403
    assert name(unit, "", database).status == 303
    assert name(unit, other.id, database).status == 303
    assert titles_told(database, other.id)[-2:] == ["填报换了人", "请您填报"]
    chase(cast, task, database)
    assert titles_told(database, other.id)[-2:] == ["任务催办", "任务已逾期"]
    assert colleague.fill("submit").status == 303
    assert cast.town(task).decide("return", load_row(database, task).version, remark="漏了").status == 303
    assert titles_told(database, other.id)[-1] == "填报退回修改"
    assert not {"任务催办", "任务已逾期", "填报退回修改"} & set(titles_told(database, people.enterprise_reviewer.id))
    with database.transaction() as session:
        session.execute(delete(RoleAssignment).where(RoleAssignment.person_id == other.id))
    assert "由吴工填报" not in unit.page
    chase(cast, task, database)
    assert titles_told(database, people.enterprise_reviewer.id)[-2:] == [
        "任务催办",
        "任务已逾期",
    ]  # nobody is named any more
    assert unit.fill(f1="周工改").status == 303
    log = cast.desk_of(people.admin).get(f"/console/audit?subject={task}").ok().text
    assert log.count("指定填报人") >= 4


@pytest.mark.parametrize("end", ["withdraw", "close"])
def test_what_ended_while_somebody_wrote_is_refused_in_words_and_they_stay_on_the_page(
    cast: Cast, database: Database, end: str
) -> None:
    task = cast.ask()
    unit = cast.unit(task)
    unit.fill(f1="周工")
    assignment = load_assignment(database, load_row(database, task).assignment_id)
    with database.transaction() as session:
        args = (session, assignment.id, assignment.version, "不用了")
        (withdraw_assignment if end == "withdraw" else close_assignment)(
            *args, actor=cast.sender.actor, now=clock.now()
        )
    cast.run_jobs()
    refused = unit.desk.post(f"{unit.path}/save", {"version": "1", "f1": "改过的负责人"})
    assert refused.status == 409
    assert "改过的负责人" in refused.text
    assert re.search("已经撤回|已经结束", refused.text)
    draft = load_draft(database, task)
    assert draft is not None
    assert draft.answers["f1"] == "周工"


def test_what_was_replaced_leads_to_what_stands_in_its_place(cast: Cast, database: Database) -> None:
    task, actor = cast.ask(), cast.sender.actor
    unit = cast.unit(task)
    unit.fill(f1="周工")
    old = load_assignment(database, load_row(database, task).assignment_id)
    with database.transaction() as session:
        new = replace_assignment(session, old.id, old.version, "换了表", actor=actor, now=clock.now())
        send_assignment(session, new.id, new.version, actor=actor, now=clock.now())
    cast.run_jobs()
    assert unit.desk.post(f"{unit.path}/save", {"version": "1", "f1": "吴工"}).status == 409
    assert f"/console/tasks/{cast.sender.rows(new.id)[cast.world.unions.shipyard]}" in unit.page


def test_a_late_answer_is_taken_and_marked(cast: Cast, database: Database) -> None:
    task = cast.ask()
    with database.transaction() as session:
        session.execute(update(Recipient).values(due_at=clock.now().replace(year=2025)))
    unit = cast.unit(task)
    assert "已逾期" in unit.page
    assert unit.fill("submit").status == 303
    assert "逾期提交" in cast.town(task).desk.get(f"/console/tasks/{task}/check").ok().text


def test_without_a_form_words_answer_and_where_nothing_is_asked_nothing_is_taken(
    cast: Cast, database: Database
) -> None:
    task = cast.ask(form=None)
    unit = cast.unit(task)
    assert unit.desk.post(f"{unit.path}/submit", {**unit.hidden(), "text": ""}).status == 422
    assert unit.desk.post(f"{unit.path}/submit", {**unit.hidden(), "text": "已经传达"}).status == 303
    assert load_versions(database, task)[0].text == "已经传达"
    notice = cast.unit(cast.ask(form=None, wants_reply=False, title="只要签收"))
    assert "签收就可以" in notice.page
    assert notice.desk.post(f"{notice.path}/save", {"version": "0", "text": "收到"}).status == 409
    assert notice.desk.post(f"{notice.path}/sign", {}).status == 303
    assert load_row(database, notice.task).status is RecipientStatus.RECEIVED
    assert "只要签收" not in notice.desk.get("/console/tasks").ok().text
    assert "只要签收" in notice.desk.get("/console/tasks?status=done").ok().text


def test_a_copy_is_read_and_nothing_is_asked_of_it(cast: Cast) -> None:
    unions = cast.world.unions
    rows = cast.sender.rows(cast.sender.send([unions.bakery], copies=[unions.shipyard]))
    unit = cast.unit(rows[unions.shipyard])
    assert "抄送" in unit.page
    assert unit.desk.post(f"{unit.path}/save", {"version": "0", "f1": "周工"}).status == 409
    assert "冬季取暖检查" not in unit.desk.get("/console/tasks").ok().text
    assert "冬季取暖检查" in unit.desk.get("/console/tasks?status=done").ok().text


def test_where_nobody_checks_what_is_sent_is_accepted(cast: Cast, database: Database) -> None:
    task = cast.ask(checker=Checker.NOBODY)
    assert cast.unit(task).fill("submit").status == 303
    [sent] = load_versions(database, task)
    assert (load_row(database, task).status, sent.outcome, sent.decided_by_id) == ("accepted", "accepted", None)


def test_several_are_accepted_together_and_the_next_follows_a_decision(cast: Cast, database: Database) -> None:
    unions = cast.world.unions
    rows = cast.sender.rows(cast.sender.send([unions.shipyard, unions.bakery]))
    cast.unit(rows[unions.shipyard]).fill("submit")
    baker = cast.desk_of(cast.reviewer(unions.bakery))
    baker.post(f"/console/tasks/{rows[unions.bakery]}/save", {"version": "0", "f1": "面包房"})
    sent = {"version": "1", "key": str(ids.new_id()), "f1": "面包房", "skip.s2": "1", "skip.s2.reason": "没有燃气"}
    assert baker.post(f"/console/tasks/{rows[unions.bakery]}/submit", sent).status == 303
    town = cast.town(rows[unions.shipyard])
    listed = town.desk.get("/console/tasks/check").ok().text
    assert all(f"/console/tasks/{row}/check" in listed for row in rows.values())
    version = load_row(database, town.task).version
    onward = town.decide("return", version, remark="请重填").headers["Location"]
    assert str(rows[unions.bakery]) in onward
    assert "没有燃气" in town.desk.get(onward).ok().text
    picked = f"{rows[unions.bakery]}:{load_row(database, rows[unions.bakery]).version}"
    assert town.desk.post("/console/tasks/check/accept", {"picked": picked}).status == 303
    assert load_row(database, rows[unions.bakery]).status is RecipientStatus.ACCEPTED


def test_a_filled_in_form_prints_as_paper(cast: Cast) -> None:
    task = cast.ask()
    cast.unit(task).fill("submit", f3="gas", f4="yes", f5="每班两人", **{"t1.0.c": "A-1"})
    paper = cast.unit(task).desk.get(f"/console/tasks/{task}/paper").ok().text
    for words in ("周工", "燃气", "每班两人", "A-1", "合格", "第 1 次提交"):
        assert words in paper


def test_both_sides_have_it_among_their_to_dos_and_messages(cast: Cast, database: Database) -> None:
    task = cast.ask()
    unit, town = cast.unit(task), cast.town(task)
    assert "1 项任务要签收" in unit.desk.get("/console/").ok().text
    unit.fill("submit")
    assert "项任务要签收" not in unit.desk.get("/console/").ok().text
    assert "1 份填报等您审核" in town.desk.get("/console/").ok().text
    town.decide("return", load_row(database, task).version, **{"remark.f1": "写全名"})
    assert "1 项填报退回修改" in unit.desk.get("/console/").ok().text
    assert "填报退回修改" in unit.desk.get("/console/messages").text
    assert "写全名" not in unit.desk.get("/console/messages").text
