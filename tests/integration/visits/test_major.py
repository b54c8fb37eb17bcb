"""Major hazards of visits: the five that are settled, and handing over to the authority."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server.core.db import Database
from server.notifications.inbox.models import InboxMessage
from tests.integration.visits.visiting import Visitor, finding, today
from tests.support.callers import Answer, Desk
from tests.support.inbox import titles_told
from tests.support.ledgers import sheet_of
from tests.support.papers import words_in
from tests.support.world import Someone, World

Opens = Callable[[Someone], Desk]
FIVE = {"owner": "周主任", "measures": "三日内装好", "funds": "不需要", "emergency_plan": "专人看守，险情先撤人"}
CASE = {"cause": "refused", "department": "区应急管理局", "words": "两次建议，企业书面答复不采纳", "mark": "海工"}


def post(desk: Desk, path: str, **fields: str) -> Answer:
    return desk.post(f"/console/visits/{path}", fields, form="/console/")


@pytest.mark.slow("the whole way of a major hazard, with two papers and two sheets")
def test_the_five_of_a_major_hazard_stand_on_page_letter_and_ledger_and_the_authority_is_asked(
    visitor: Visitor, world: World, desk_of: Opens, database: Database
) -> None:
    grave = finding(grade=1, suspected_major="部令第10号 第三条", measures="先停用", owner="")
    visit_id = visitor.sent(findings=[grave, finding()])
    major, usual = (str(each.id) for each in visitor.findings(visit_id))
    enterprise, desk = desk_of(world.people.enterprise_reviewer), visitor.desk
    assert titles_told(database, world.people.enterprise_reviewer.id)[0] == "收到督导意见书"
    letter = words_in(desk.get(f"/console/visits/{visit_id}/opinion.docx").ok().body)
    assert "先停用" in letter
    assert letter.count("请企业确定") == 3
    page = enterprise.get(f"/console/visits/{visit_id}").ok().text
    assert page.count("填写五落实") == 1
    assert "移送有关部门" not in page
    table = list(sheet_of(desk.get("/console/visits/dispatch.xlsx?by=enterprise").ok().body).values)
    assert table[3][6] == "重大隐患 1 项五落实没填全"

    assert post(enterprise, f"findings/{major}/settle", **{**FIVE, "funds": ""}).status == 422
    assert post(enterprise, f"findings/{usual}/settle", **FIVE).status == 409  # no major one
    assert post(desk_of(world.people.other_town_reviewer), f"findings/{major}/settle", **FIVE).status == 404
    assert post(enterprise, f"findings/{major}/settle", **FIVE).status == 303
    assert post(desk, f"findings/{major}/settle", **FIVE).status == 409  # from a page made before
    assert "企业填了五落实" in titles_told(database, world.people.town_reviewer.id)
    assert "险情先撤人" in desk.get(f"/console/visits/{visit_id}").text

    assert post(enterprise, f"findings/{major}/hand-over", **CASE).status == 403
    assert post(desk, f"findings/{major}/hand-over", **{**CASE, "words": "请贵局责令停产"}).status == 422
    assert post(desk, f"findings/{usual}/hand-over", **{**CASE, "cause": "major"}).status == 422
    assert post(desk, f"findings/{major}/hand-over", **CASE).status == 303
    assert post(desk, f"findings/{major}/hand-over", **CASE).status == 409
    assert "督导问题已移送" in titles_told(database, world.people.enterprise_reviewer.id)
    page = desk.get(f"/console/visits/{visit_id}").text
    [paper] = set(re.findall(r"/console/visits/handovers/[0-9a-f-]{36}", page))
    words = words_in(desk.get(f"{paper}/letter.docx").ok().body)
    assert "区应急管理局" in words
    assert "请依法处理" in words
    assert "海工督移〔" in words
    assert enterprise.get(f"{paper}/letter.docx").status in (403, 404)
    path = paper.removeprefix("/console/visits/")
    assert post(desk, f"{path}/answer", answer="已受理", answered_on=today(1)).status == 422
    assert post(desk, f"{path}/answer", answer="已受理", answered_on=today()).status == 303

    ledger = list(sheet_of(desk.get("/console/visits/findings/ledger.xlsx?grave=1").ok().body).values)
    line = next(row for row in ledger if row and "重大" in row)
    assert "资金：不需要" in str(line)
    assert "区应急管理局（企业不整改）：已受理" in str(line)
    assert len([row for row in ledger if row and isinstance(row[0], int)]) == 1  # the usual one is not among them
    table = list(sheet_of(desk.get("/console/visits/dispatch.xlsx?by=enterprise").ok().body).values)
    assert table[3][6] == "移送 1 项"
    seen = visitor.phone_of(world.people.worker).get(f"/api/v1/visits/{visit_id}").ok().json["findings"]
    assert ["已受理" in each["handed_over"] for each in seen] == [True, False]


def test_nothing_is_settled_or_handed_over_before_the_opinion_is_sent(visitor: Visitor) -> None:
    visit_id: UUID = visitor.planned()
    visitor.record(visitor.phone(), visit_id, visitor.body(findings=[finding(grade=1)])).ok()
    [found] = visitor.findings(visit_id)
    assert post(visitor.desk, f"findings/{found.id}/settle", **FIVE).status == 409
    assert post(visitor.desk, f"findings/{found.id}/hand-over", **CASE).status == 409


def test_an_enterprise_without_findings_hears_of_it_too(visitor: Visitor, world: World, database: Database) -> None:
    visitor.sent(findings=[])
    with database.reading() as session:
        body = session.scalar(
            select(InboxMessage.body).where(InboxMessage.person_id == world.people.enterprise_reviewer.id)
        )
    assert body is not None
    assert "没有发现需要整改的问题" in body
