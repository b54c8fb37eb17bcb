"""Enterprises have their plans in a register; what is due is due of each plan, and a drill may ask for a revision."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from time_machine import TimeMachineFixture

from server.core import ids
from server.core.db import Database
from server.core.sheets import XLSX
from server.oversight.drills.models import DUTY_OF, DUTY_OF_EACH, Concerns, DrillDue, DrillRule, Duty, PlanKind
from server.oversight.drills.rules import Registered, add_months, all_due
from tests.integration.drills.test_drills import RECORD, hold, record_path, rule
from tests.support.callers import Answer, Desk
from tests.support.ledgers import sheet_of
from tests.support.sheets import row, sheet_xml, xlsx
from tests.support.training import BEGINS, ENDS, move
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
LIST = "/console/drills/plans"
SPECIAL = {"kind": "special", "name": "火灾专项预案", "accident": "火灾", "drawn_up_on": "2025-03-01"}


def note(desk: Desk, enterprise: UUID, **changes: str) -> Answer:
    return desk.post(LIST, {**SPECIAL, "enterprise": str(enterprise), **changes}, form=f"{LIST}/new")


def words_of(answer: Answer) -> str:
    return " ".join(answer.ok().text.split())


def lines(answer: Answer) -> int:
    return answer.ok().text.count("<tr data-row")


def test_a_plan_is_registered_tried_due_again_and_revised_after_a_drill_showed_it(
    desk_of: DeskOf, world: World, time_machine: TimeMachineFixture, database: Database, run_jobs: Callable[[], int]
) -> None:
    time_machine.move_to(BEGINS, tick=False)
    desk, town = desk_of(world.people.enterprise_reviewer), desk_of(world.people.town_reviewer)
    plan = note(town, world.unions.shipyard, tried_on="2025-06-30").headers["Location"]
    place = note(desk, world.unions.shipyard, kind="on_site", name="受限空间现场处置方案").headers["Location"]
    assert note(town, world.unions.shipyard).status == 409
    run_jobs()
    for what, many in (("duty=special", 1), ("duty=on_site", 1), ("duty=general", 1), ("high_risk=true", 0)):
        assert lines(desk.get(f"/console/drills?{what}")) == many, what
    shown = words_of(desk.get(plan))
    assert all(words in shown for words in ("2028-06-30前", "每 36 个月", "没有备案", "综合或专项预案"))

    path = hold(desk, world)
    time_machine.move_to(ENDS, tick=False)
    page, chosen, other = record_path(path), plan.rpartition("/")[2], place.rpartition("/")[2]
    assert "火灾专项预案，专项应急预案" in desk.get(page).ok().text
    filled = {**RECORD, "plan_name": "", "plan_kind": "", "must_revise": "1", "revision": "改路线"}
    assert desk.post(page, {**filled, "plans": str(ids.new_id())}, form=page).status == 422
    assert "请选择登记的预案，或者自己填" in desk.post(page, filled, form=page).text
    assert desk.post(page, {**filled, "plan_name": "别的", "plan_kind": "special"}, form=page).status == 303
    assert "这份预案没有登记" in words_of(desk.get(page))
    typed = {**filled, "version": "1", "plan_name": "火灾专项预案", "plan_kind": "special"}
    assert "还没有这个预案的演练" in desk.get(plan).text
    assert desk.post(page, typed, form=page).status == 303
    assert "车间火灾疏散" in words_of(desk.get(plan))  # called so, it is that one
    both = {**filled, "version": "2", "plans": [chosen, other]}
    for wrong, words in (
        ({}, "在演练过的预案里勾出要修订的"),
        ({"plans": other, "revise": [chosen, other]}, "在演练过的预案里勾出要修订的"),
        ({"revise": chosen, "must_revise": "0"}, "这里要选“要修订”"),
    ):
        assert words in desk.post(page, {**both, **wrong}, form=page).text, wrong
    assert desk.post(page, {**both, "revise": chosen}, form=page).status == 303
    book = sheet_of(desk.get(f"{page}/record.xlsx").ok().body)
    facts = {str(line[0]): line[1] for line in book.iter_rows(values_only=True)}
    assert facts["预案和版本"] == "火灾专项预案 第2版、受限空间现场处置方案"
    assert facts["预案是否修订"] == "要修订：火灾专项预案；改路线"
    move(desk, path, "end")
    run_jobs()
    assert "还没有登记修订日期" in desk.get(page).ok().text
    assert "1 份预案演练后要修订" in desk.get("/console/").ok().text
    assert lines(town.get(f"{LIST}?status=revise")) == 1
    with database.reading() as session:
        dues = {row.plan_id: (row.last_on, row.due_at) for row in session.scalars(select(DrillDue))}
        assert dues[UUID(chosen)] == (date(2026, 11, 30), datetime(2029, 11, 30, 16, tzinfo=UTC))
        assert dues[UUID(other)] == (date(2026, 11, 30), datetime(2027, 11, 30, 16, tzinfo=UTC))

    done = {"version": "1", "edition": "第 3 版"}
    for day in ("2026-11-29", "2099-01-01"):  # before the drill, and to come
        assert desk.post(f"{plan}/revised", {**done, "revised_on": day}, form=plan).status == 422, day
    assert desk.post(f"{plan}/revised", {**done, "revised_on": "2026-11-30"}, form=plan).status == 303
    assert desk.post(f"{plan}/revised", {**done, "revised_on": "2026-11-30"}, form=plan).status == 409
    assert "已于 2026-11-30 修订" in words_of(desk.get(page))
    assert lines(town.get(f"{LIST}?status=revise")) == 0

    panels = words_of(town.get(f"/console/unions/{world.unions.shipyard}/overview"))
    assert all(words in panels for words in ("火灾专项预案", "每个专项预案 2029-11-30前"))
    assert desk.post(f"{plan}/end", {"version": "2", "reason": "并入综合预案"}, form=plan).status == 303
    run_jobs()
    assert lines(desk.get("/console/drills?duty=special")) == 0
    assert lines(desk.get(f"{LIST}?status=ended")) == 1
    assert note(town, world.unions.shipyard).status == 303


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_plans_are_kept_by_those_whose_they_are(
    desk_of: DeskOf, world: World, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(BEGINS, tick=False)
    people, unions = world.people, world.unions
    desk, stranger = desk_of(people.enterprise_reviewer), desk_of(people.other_town_reviewer)
    plan = note(desk, unions.shipyard, next_review_on="2026-12-01").headers["Location"]
    assert stranger.get(plan).status == 404
    edit = {**SPECIAL, "version": "1", "name": "改过的"}
    assert stranger.post(f"{plan}/edit", edit, form="/console/").status == 404
    assert note(desk, unions.bakery).status == 404
    assert note(desk_of(people.city_reviewer), unions.south).status == 422
    for changes, words in (
        ({"drawn_up_on": "2099-01-01"}, "不能晚于今天"),
        ({"filed_with": "区应急管理局"}, "备案部门和备案日期要一起填"),
        ({"revised_on": "2024-01-01"}, "不能早于编制日期"),
        ({"name": ""}, "火灾"),
    ):
        refused = note(desk, unions.shipyard, **changes)
        assert (refused.status, words in refused.text) == (422, True), changes
    assert desk.post(f"{plan}/edit", edit, form=plan).status == 303
    assert desk.post(f"{plan}/edit", edit, form=plan).status == 409
    note(desk, unions.shipyard, kind="fire", name="消防预案", filed_with="区应急管理局", filed_on="2025-04-01")
    note(desk, unions.shipyard, kind="fire", name="另一份", next_review_on="2026-11-29")
    for what, many in (("", 3), ("status=unfiled", 2), ("status=review", 1), ("kind=fire", 2), ("q=应急管理", 1)):
        assert lines(desk.get(f"{LIST}?{what}")) == many, what
    assert lines(stranger.get(LIST)) == 0


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
def test_the_register_goes_out_as_a_sheet_and_comes_in_again(desk_of: DeskOf, world: World) -> None:
    town = desk_of(world.people.town_reviewer)

    def load(book: bytes) -> str:
        files = {"file": ("预案.xlsx", book, XLSX)}
        return town.post(f"{LIST}/import", {}, form="/console/", files=files).ok().text

    heads = ["企业编号或名称", "预案种类", "预案名称", "针对的事故", "编制日期", "备案部门", "备案日期", "以前演练"]
    good = ["蓝海船舶修造有限公司", "专项预案", "火灾专项预案", "火灾", "2025-03-01", "", "", "2025-06-30"]
    rows = [
        good,
        [good[0], "现场处置方案", "受限空间处置", "中毒和窒息", "2025-03-01", "区应急管理局", "2025-03-20", ""],
        [good[0], "预案", "没有这一种", "", "2025-03-01", "", "", ""],
        [good[0], "专项预案", "没有日期", "", "", "", "", ""],
        ["山泉酒业有限公司", *good[1:]],
    ]
    said = load(xlsx(sheet_xml(row(*heads), *(row(*each) for each in rows))))
    assert all(words in said for words in ("已收下 2 份", "只能填", "不归您管"))
    ledger = town.get(f"{LIST}/ledger.xlsx").ok().body
    assert "已收下 2 份" in load(ledger)
    assert lines(town.get(LIST)) == 2
    plan = re.search(rf"{LIST}/[0-9a-f-]{{36}}", town.get(f"{LIST}?q=火灾").text)
    assert plan is not None
    assert 'name="version" value="1"' in town.get(plan[0]).text  # what says nothing new changes nothing
    load(xlsx(sheet_xml(row(*heads[:3], "编制日期", "版本"), row(*good[:3], good[4], "第 2 版"))))
    assert all(words in town.get(plan[0]).text for words in ("第 2 版", 'value="2025-06-30"', 'value="2"'))


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
registers = st.lists(
    st.builds(Registered, st.uuids(), st.sampled_from(PlanKind), days, st.none() | days), max_size=5
)  # fmt: skip
RULES: list[DrillRule] = [
    rule(concerns, duty, months, date(2022, 3, 1), None, True)
    for concerns, general, special, on_site in ((Concerns.HIGH_RISK, 6, 24, 6), (Concerns.OTHERS, 12, 36, 12))
    for duty, months in ((Duty.GENERAL, general), (Duty.SPECIAL, special), (Duty.ON_SITE, on_site))
]


@given(registers, st.booleans(), days, st.dictionaries(st.sampled_from(Duty), days))
def test_special_and_on_site_plans_are_due_one_by_one_and_any_of_the_others_will_do(
    plans: list[Registered], is_high_risk: bool, since: date, last: dict[Duty, date]
) -> None:
    found = all_due(
        RULES, is_high_risk=is_high_risk, known_since=since, last=last, plans=plans, today=date(2027, 12, 31)
    )
    months = {Duty.GENERAL: 6, Duty.SPECIAL: 24, Duty.ON_SITE: 6} if is_high_risk else {
        Duty.GENERAL: 12, Duty.SPECIAL: 36, Duty.ON_SITE: 12
    }  # fmt: skip
    expected: dict[tuple[UUID | None, Duty], date] = {
        (plan.id, duty): add_months(plan.tried_on or plan.known_since, months[duty])
        for plan in plans
        if (duty := DUTY_OF_EACH.get(plan.kind)) is not None
    }
    for duty in (Duty.GENERAL, Duty.ON_SITE):
        if duty is Duty.GENERAL or not any(plan.kind is PlanKind.ON_SITE for plan in plans):
            tried = [plan.tried_on for plan in plans if plan.tried_on and DUTY_OF[plan.kind] is duty]
            expected[None, duty] = add_months(
                max([*tried, *filter(None, [last.get(duty)])], default=since), months[duty]
            )
    assert {(due.plan_id, due.duty): due.due_on for due in found} == expected
