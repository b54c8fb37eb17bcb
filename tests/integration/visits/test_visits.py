"""A visit is planned, recorded, signed and sent; what it found is put right like anything else."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select

from server.core import clock, ids
from server.core.db import Database
from server.oversight.visits.actions import open_visit
from server.oversight.visits.findings.reporting import report_visit
from server.oversight.visits.models import VisitMode
from server.oversight.visits.schemas import MemberIn
from server.review.rectification.models import Rectification
from server.review.submissions.models import Submission
from server.rewards.points.models import PointsTransfer
from server.unions.roles import Role
from tests.integration.visits.visiting import DRAWN, REFUSAL, SUGGESTED, Visitor, finding, signature, today
from tests.support.callers import Answer, Desk, Phone
from tests.support.counting import count_statements
from tests.support.ledgers import read_ledger, sheet_of
from tests.support.papers import words_in
from tests.support.tasks import actor_at
from tests.support.world import Someone, World

pytestmark = pytest.mark.parametrize("backend", ["embedded"], indirect=True)
Opens = Callable[[Someone], Desk]


def test_from_the_plan_to_the_dispatch_table(visitor: Visitor, world: World, desk_of: Opens) -> None:
    visit_id, phone = visitor.planned(), visitor.phone()
    [line] = phone.get("/api/v1/visits").ok().json["items"]
    assert (line["id"], line["status"], line["occasion"]) == (str(visit_id), "planned", "四季度“查保促”抽查")
    found = finding()
    found["photos"] = [visitor.attach(phone, visit_id, f"finding.{found['id']}")]
    drawn = signature("team", way="drawn", file_id=visitor.attach(phone, visit_id, "sign.team", DRAWN))
    body = visitor.body(findings=[found], signatures=[drawn, signature("enterprise", **REFUSAL)])
    answers = [visitor.record(phone, visit_id, body).ok().json for _ in range(2)]
    assert answers[0] == answers[1]  # a retry changes nothing
    page = visitor.desk.get(f"/console/visits/{visit_id}").ok().text
    assert "负责人外出" in page and "手套发得少" in page  # noqa: PT018
    visitor.send(visit_id, second_page="1").ok()
    visitor.run_jobs()
    enterprise = desk_of(world.people.enterprise_reviewer)
    letter = words_in(enterprise.get(f"/console/visits/{visit_id}/opinion.docx").ok().body)
    assert "开展“四季度‘查保促’抽查”督导" in letter
    assert "请研究处理" in letter and SUGGESTED in letter  # noqa: PT018
    with visitor.database.reading() as session:
        [row] = session.scalars(select(Rectification)).all()
        hazard = session.get_one(Submission, row.submission_id)
        assert session.scalars(select(PointsTransfer)).all() == []  # a duty earns nothing
    assert (row.addressee_id, row.issuer_id) == (world.unions.shipyard, world.unions.seaside)
    assert (row.grade, row.measures, row.responsible) == (3, SUGGESTED, "周主任")
    assert row.due_at.date().isoformat() >= found["due_on"]
    assert (hazard.photos_received, visitor.findings(visit_id)[0].submission_id) == (1, hazard.id)
    fields = {"text": "已装护栏", "version": str(row.version)}
    enterprise.post(f"/console/rectifications/{row.id}/accept", fields, form=f"/console/rectifications/{row.id}").ok()
    assert "企业" in visitor.desk.get(f"/console/visits/{visit_id}").ok().text
    [listed] = read_ledger(visitor.desk.get("/console/visits/findings/ledger.xlsx").ok().body)
    assert (listed["问题"], listed["责任单位/人"].endswith("周主任"), listed["等级"]) == (
        "二号车间：临边没有护栏", True, "一般",
    )  # fmt: skip
    table = sheet_of(visitor.desk.get("/console/visits/dispatch.xlsx").ok().body)
    heads, first = list(table.iter_rows(min_row=3, max_row=4, values_only=True))
    assert heads == ("单位", "应改", "已改", "逾期", "最长逾期天数", "本期新增", "备注")
    assert first[1:6] == (1, 0, 0, 0, 1)


def test_the_enterprise_hears_nothing_before_the_opinion_and_never_what_workers_said(
    visitor: Visitor, world: World, desk_of: Opens
) -> None:
    visit_id, phone = visitor.planned(mode="unannounced"), visitor.phone()
    theirs, above, beside = (
        desk_of(who)
        for who in (world.people.enterprise_reviewer, world.people.city_reviewer, world.people.other_town_reviewer)
    )
    address = f"/console/visits/{visit_id}"
    assert [each.get(address).status for each in (theirs, above, beside)] == [404, 200, 404]
    assert "四季度" not in theirs.get("/console/visits").ok().text
    assert "四不两直" not in theirs.get(f"/console/unions/{world.unions.shipyard}").text
    visitor.record(phone, visit_id, visitor.body()).ok()
    assert [each.get(address).status for each in (theirs, above, beside)] == [404, 200, 404]
    visitor.send(visit_id).ok()
    assert "手套发得少" in above.get(address).text
    shown = theirs.get(address).ok().text
    assert "临边没有护栏" in shown and "手套发得少" not in shown and "每周查一次" not in shown  # noqa: PT018
    assert theirs.get(f"/console/visits/sheets/{visit_id}/sheet.docx").status == 403
    assert theirs.get(f"{address}/record").status == 403


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "an_order": ({"findings": [finding(suggestion="责 令停产整顿")]}, 422, "not_a_unions_word"),
    "an_order_in_the_report": ({"situation": "拟予处罚"}, 422, "not_a_unions_word"),
    "a_photo_that_is_not_there": ({"findings": [finding(photos=[str(ids.new_id())])]}, 422, "invalid"),
    "no_reason": ({"signatures": [signature("enterprise", way="refused", name="")]}, 422, "invalid"),
    "no_name": ({"signatures": [signature("team", name="")]}, 422, "invalid"),
    "drawn_nowhere": ({"signatures": [signature("team", way="drawn", file_id=str(ids.new_id()))]}, 422, "invalid"),
    "tomorrow": ({"visited_on": "2199-01-01"}, 422, "invalid"),
    "an_old_page": ({"version": 7}, 409, "stale"),
    "answers_without_a_checklist": ({"answers": {"f1": "x"}}, 422, "invalid"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_record_that_is_wrong_is_refused_whole(visitor: Visitor, case: str) -> None:
    changes, status, code = BAD[case]
    visit_id = visitor.planned()
    answer = visitor.record(visitor.phone(), visit_id, visitor.body(**changes))
    assert (answer.status, answer.code) == (status, code)
    assert (visitor.load(visit_id).visited_on, visitor.findings(visit_id)) == (None, [])


def test_another_record_replaces_it_until_it_is_sent_and_the_same_key_says_the_same(visitor: Visitor) -> None:
    visit_id, phone = visitor.planned(), visitor.phone()
    body = visitor.body()
    visitor.record(phone, visit_id, body).ok()
    version = visitor.load(visit_id).version
    other = body | {"situation": "别的", "version": version}
    assert visitor.record(phone, visit_id, other).code == "content_differs"
    again = visitor.body(version=version, findings=[finding(), finding(place="食堂")])
    visitor.record(phone, visit_id, again).ok()
    assert [each.place for each in visitor.findings(visit_id)] == ["二号车间", "食堂"]
    visitor.send(visit_id).ok()
    assert visitor.record(phone, visit_id, again).status == 200  # its answer was lost
    assert visitor.record(phone, visit_id, visitor.body(version=version + 2)).status == 409


def test_it_is_not_sent_before_both_sides_signed_and_nobody_else_sends_it(visitor: Visitor, desk_of: Opens) -> None:
    visit_id = visitor.planned()
    visitor.record(visitor.phone(), visit_id, visitor.body(signatures=[signature("team")])).ok()
    assert visitor.send(visit_id).status == 409
    other = desk_of(visitor.world.people.district_reviewer)
    fields = {"version": "2", "mark": "南工"}
    assert other.post(f"/console/visits/{visit_id}/send", fields, form="/console/").status == 403


def test_sending_twice_or_running_the_job_again_adds_nothing(visitor: Visitor) -> None:

    visit_id = visitor.sent(findings=[finding(), finding(grade=1)])
    assert visitor.send(visit_id).status == 409
    with visitor.database.transaction() as session:
        assert report_visit(session, None, visit_id, now=clock.now()) == 0  # type: ignore[arg-type]
        assert len(session.scalars(select(Rectification.id)).all()) == 2


@pytest.mark.slow("a drawing is kept, two papers are made")
def test_the_record_sheet_is_the_annex_of_the_notice(visitor: Visitor) -> None:

    visit_id, phone = visitor.planned(), visitor.phone()
    by_hand = {"way": "drawn", "name": "李组长", "file_id": visitor.attach(phone, visit_id, "sign.team", DRAWN)}
    signed = [signature("team", **by_hand), signature("enterprise", **REFUSAL)]
    visitor.record(phone, visit_id, visitor.body(signatures=signed)).ok()
    paper = Document(BytesIO(visitor.desk.get(f"/console/visits/sheets/{visit_id}/sheet.docx").ok().body))
    assert [each.text for each in paper.paragraphs if each.text] == [
        "附件", "市总工会副局级以上领导和分管部室", "“查保促”“安康杯”群众性安全生产活动", "集中行动专项督导工作记录表",
    ]  # fmt: skip
    [table] = paper.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["所到区市（市直单位）", "市南区总工会"],
        ["所进企业名称", "蓝海船舶修造有限公司"],
        ["对开展“查保促”“安康杯”群众性安全生产活动集中行动督导情况", "现场看了两个车间。"],
        ["所督导单位开展活动情况", "班组每周查一次隐患。"],
    ]
    visitor.send(visit_id, second_page="1").ok()
    sent = Document(BytesIO(visitor.desk.get(f"/console/visits/sheets/{visit_id}/sheet.docx").ok().body))
    assert [row.cells[0].text for row in sent.tables[1].rows][:3] == ["督导日期", "督导方式", "督导人员"]
    team, enterprise = (row.cells[1] for row in sent.tables[1].rows[3:5])
    assert (team.text.strip(), len(team._tc.xpath(".//pic:pic"))) == ("督导组签字：李组长", 1)
    assert (enterprise.text, len(enterprise._tc.xpath(".//pic:pic"))) == (
        "企业未签字：负责人外出（见证人：镇街工会干事）", 0,
    )  # fmt: skip


def test_the_console_records_with_the_same_rules_and_gives_back_what_was_typed(visitor: Visitor) -> None:
    visit_id = visitor.planned()
    address = f"/console/visits/{visit_id}/record"
    assert "和职工谈话" in visitor.desk.get(address).ok().text
    key, now = str(ids.new_id()), signature("team")["signed_at"]
    fields = {
        "version": "1", "key": key, "visited_on": today(), "t.0.people": "4", "t.0.words": "加班多",
        "f.1.id": str(ids.new_id()), "f.1.place": "配电房", "f.1.kind": "management", "f.1.grade": "2",
        "f.1.due_on": today(5), "f.1.description": "门没有上锁", "f.1.suggestion": "勒令上锁",
        "s.team.way": "typed", "s.team.name": "李组长", "s.team.signed_at": now,
        "s.enterprise.way": "refused", "s.enterprise.reason": "不同意", "s.enterprise.witness": "工会干事",
        "s.enterprise.signed_at": now,
    }  # fmt: skip
    refused = visitor.desk.post(address, fields, form="/console/")
    assert visitor.desk.post(address, fields | {"f.1.id": "x"}, form="/console/").status == 422  # no id of the page
    assert (refused.status, "勒令上锁" in refused.text, "加班多" in refused.text) == (422, True, True)
    assert visitor.desk.post(address, fields | {"f.1.suggestion": "建议上锁"}, form="/console/").status == 303
    [found] = visitor.findings(visit_id)
    assert (found.place, found.grade, found.number) == ("配电房", 2, 1)
    assert "门没有上锁" in visitor.desk.get(address).ok().text


def test_an_opinion_proposes_no_day_that_has_passed(visitor: Visitor, time_machine: Any) -> None:
    visit_id, phone = visitor.planned(), visitor.phone()
    body = visitor.body(findings=[finding(due_on=today(40)), finding(due_on=today(1))])
    visitor.record(phone, visit_id, body).ok()
    time_machine.move_to(clock.now() + timedelta(days=2))  # nobody sent it
    refused = visitor.send(visit_id)
    assert (refused.status, "第 2 条的整改期限已经过了" in refused.text) == (409, True)
    body["findings"][1]["due_on"] = today(0)
    again = {**body, "key": str(ids.new_id()), "version": visitor.load(visit_id).version}
    visitor.record(phone, visit_id, again).ok()
    visitor.send(visit_id).ok()


def test_what_is_late_stands_first_in_the_table_by_unit_enterprise_and_team(
    visitor: Visitor, world: World, time_machine: Any
) -> None:
    visitor.sent(findings=[finding(due_on=today(1)), finding(due_on=today(40))])
    time_machine.move_to(clock.now() + timedelta(days=10))
    names = {"unit": "蓝海船舶修造有限公司", "enterprise": "蓝海船舶修造有限公司", "team": "第三组"}
    for by, name in names.items():
        table = sheet_of(visitor.desk.get(f"/console/visits/dispatch.xlsx?by={by}&since=2000-01-01").ok().body)
        [row] = table.iter_rows(min_row=4, max_row=4, values_only=True)
        assert (row[0], row[1], row[3], row[5]) == (name, 2, 1, 2)
        assert 7 <= row[4] <= 9  # by working days
    assert "逾期" in visitor.desk.get("/console/visits/findings?status=overdue").ok().text
    assert visitor.desk.get("/console/visits/dispatch?team=第一组").ok().text.count("<tr>") == 0


def test_what_is_suspected_to_be_major_is_judged_by_a_person_once(visitor: Visitor) -> None:
    visit_id = visitor.sent(findings=[finding(suspected_major="GB 1 第 2 条")])
    [found] = visitor.findings(visit_id)
    address, fields = f"/console/visits/findings/{found.id}/judge", {"is_major": "false", "judge": "注册安全工程师"}
    assert "请有资质的人判断" in visitor.desk.get(f"/console/visits/{visit_id}").text
    assert [visitor.desk.post(address, fields, form="/console/").status for _ in range(2)] == [303, 409]
    assert "不是重大隐患" in visitor.desk.get(f"/console/visits/{visit_id}").text


def test_a_plan_is_changed_until_it_is_recorded_and_called_off_with_a_reason(visitor: Visitor) -> None:
    visit_id = visitor.planned()
    edit = f"/console/visits/{visit_id}/edit"
    assert "化工专家" in visitor.desk.get(edit).ok().text
    fields = {
        "version": "1", "mode": "cross", "occasion": "交叉督导", "planned_from": today(1), "planned_to": today(),
        "people": str(visitor.world.people.town_reviewer.id),
    }  # fmt: skip
    assert visitor.desk.post(edit, fields, form="/console/").status == 422
    assert visitor.desk.post(edit, fields | {"planned_to": today(2)}, form="/console/").status == 303
    assert "交叉督导" in visitor.desk.get("/console/visits?mode=cross").ok().text
    assert visitor.move(visit_id, "cancel", reason="").status == 422
    assert visitor.move(visit_id, "cancel", reason="企业停产检修").status == 303
    assert visitor.desk.get(edit).status == 403
    assert visitor.plan(enterprise="").status == 422
    assert visitor.plan(people="", leader="", others="").status == 422


def test_a_team_of_another_district_records_and_nobody_else_finds_it(visitor: Visitor, world: World) -> None:
    other = world.people.other_district_reviewer
    with visitor.database.transaction() as session:
        city = actor_at(visitor.database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)
        day = clock.day_of(clock.now())
        visit_id = open_visit(
            session, actor=city, now=clock.now(), enterprise_id=world.unions.shipyard, mode=VisitMode.CROSS,
            occasion="交叉督导", planned_from=day, planned_to=day, team=[MemberIn(person_id=other.id)],
        ).id  # fmt: skip
    theirs = visitor.phone(world.people.worker, other)
    town = visitor.phone(world.people.colleague, world.people.town_reviewer)
    strangers = [town, visitor.phone_of(world.people.stranger)]
    assert len(theirs.get("/api/v1/visits").ok().json["items"]) == 1
    for each in strangers:
        assert each.get("/api/v1/visits").ok().json["items"] == []
        assert each.get(f"/api/v1/visits/{visit_id}").status == 404
        assert visitor.record(each, visit_id, visitor.body()).status == 404
    assert visitor.record(theirs, visit_id, visitor.body()).status == 200


def test_a_page_asks_no_more_statements_where_more_was_found(visitor: Visitor, database: Database) -> None:
    counts = []
    for number in (1, 6):
        visit_id = visitor.planned()
        body = visitor.body(findings=[finding() for _ in range(number)])
        phone = visitor.phone() if number == 1 else visitor.phone_of(visitor.world.people.worker)
        visitor.record(phone, visit_id, body).ok()
        visitor.send(visit_id).ok()
        visitor.run_jobs()
        paths = (f"/console/visits/{visit_id}", "/console/visits/findings?status=all", "/console/visits")
        with count_statements(database.engine) as asked:
            for path in paths:
                visitor.desk.get(path).ok()
        counts.append(len(asked))
    assert counts[1] <= counts[0]


def test_a_draft_goes_on_on_another_device_until_the_record_is_sent(visitor: Visitor, world: World) -> None:
    visit_id, one = visitor.planned(), visitor.phone()
    other = visitor.phone(world.people.colleague, world.people.town_reviewer)

    def save(phone: Phone, version: int, **content: object) -> Answer:
        body = {"version": version, "visit_version": 1, "content": content}
        return phone.put(f"/api/v1/visits/{visit_id}/draft", body)

    begun = {"id": finding()["id"], "place": "二号车间"}
    assert save(one, 0, situation="看了", findings=[begun], talks=[{"people": None}]).ok().json["version"] == 1
    draft = other.get(f"/api/v1/visits/{visit_id}").ok().json["draft"]
    assert (draft["version"], draft["content"]["findings"][0]["place"]) == (1, "二号车间")
    assert save(other, 1, situation="看了两处").ok().json["version"] == 2
    assert save(other, 1, situation="看了两处").ok().json["version"] == 2  # the answer got lost: said again
    assert save(one, 1, situation="看了三处").json["error"]["code"] == "stale"
    assert save(visitor.phone_of(world.people.stranger), 2, situation="别人").status == 404
    unseen = visitor.record(one, visit_id, visitor.body(draft_version=1))  # by whoever has not seen the last of it
    assert unseen.json["error"]["code"] == "stale"
    assert visitor.record(one, visit_id, visitor.body(draft_version=2)).status == 200
    assert other.get(f"/api/v1/visits/{visit_id}").ok().json["draft"] is None
    assert save(other, 2, situation="看了四处").json["error"]["code"] == "stale"
    visitor.send(visit_id).ok()
    assert save(other, 0, situation="晚了").status == 409
