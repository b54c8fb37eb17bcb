"""A drill has a record beside its session; what it found is put right as any hazard; the next is due in time."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update
from time_machine import TimeMachineFixture

from server.core import ids
from server.core.db import Database
from server.oversight.drills.due.counting import count_some
from server.oversight.drills.models import Concerns, DrillDue, DrillProblem, DrillRule, Duty
from server.oversight.drills.rules import add_months, applies, next_due
from server.review.submissions.models import Submission
from server.unions.tree.models import Union
from tests.support.callers import Desk
from tests.support.ledgers import sheet_of
from tests.support.training import BEGINS, ENDS, move, plan
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
RECORD = {
    "version": "0", "plan_name": "火灾专项预案", "plan_version": "第2版", "plan_kind": "fire", "form": "full",
    "scope": "single", "aim": "check", "found": "09:00", "alarm": "09:01", "ended": "09:20",
    "evacuation_seconds": "95", "on_shift": "40", "assembled": "38",
}  # fmt: skip


def record_path(path: str) -> str:
    return path.replace("/training/", "/drills/")


def hold(desk: Desk, world: World) -> str:
    path = plan(desk, world.unions.shipyard, kind="drill", title="车间火灾疏散")
    move(desk, path, "start")
    return path


def test_a_drill_is_recorded_before_it_is_archived_and_its_problems_become_hazards(
    desk_of: DeskOf, world: World, time_machine: TimeMachineFixture, database: Database, run_jobs: Callable[[], int]
) -> None:
    time_machine.move_to(BEGINS, tick=False)
    desk = desk_of(world.people.enterprise_reviewer)
    path = hold(desk, world)
    desk.post(f"{path}/attendances", {"name": "职工甲", "enterprise": "", "reason": "点名"}, form=path)
    time_machine.move_to(ENDS, tick=False)
    move(desk, path, "end")
    move(desk, path, "write", evaluation="疏散有序", summary="按预案做完")
    assert "演练记录" in move(desk, path, "hand_in").text.partition("还缺：")[2][:20]
    page = record_path(path)
    assert desk.post(page, {**RECORD, "reported_to": "应急局"}, form=page).status == 422
    assert desk.post(page, RECORD, form=page).status == 303
    assert desk.post(page, RECORD, form=page).status == 409
    shown = desk.get(page).ok().text
    assert all(word in shown for word in ("没有记录任何问题", "对不上"))
    assert "预案要不要修订" in move(desk, path, "hand_in").text.partition("还缺：")[2][:20]
    problem = {"words": "二楼疏散门锁着", "place": "二楼东侧", "measures": "换成推杆锁", "owner": "车间主任"}
    assert desk.post(f"{page}/problems", problem, form=page).status == 303
    with database.reading() as session:
        found = session.scalars(select(DrillProblem)).one()
        hazard = session.get_one(Submission, found.submission_id)
        assert (hazard.routed_union_id, hazard.enterprise_id) == (world.unions.seaside, world.unions.shipyard)
    assert (
        desk.post(page, {**RECORD, "version": "1", "must_revise": "1", "revision": "改路线"}, form=page).status == 303
    )
    assert move(desk, path, "hand_in").status == 303
    assert desk.post(page, {**RECORD, "version": "2"}, form=page).status == 409
    rows = [line[:2] for line in sheet_of(desk.get(f"{page}/record.xlsx").ok().body).iter_rows(values_only=True)]
    assert ("疏散用时（秒）", "95") in rows
    assert "二楼疏散门锁着" in desk_of(world.people.town_reviewer).get("/console/drills/problems").ok().text
    assert desk.get("/console/drills/problems/ledger.xlsx").ok().body[:2] == b"PK"
    assert desk_of(world.people.other_town_reviewer).get(page).status == 404
    run_jobs()
    with database.reading() as session:
        due = session.scalars(select(DrillDue).where(DrillDue.union_id == world.unions.shipyard)).all()
        fire = next(row for row in due if row.duty is Duty.FIRE)
        assert (fire.last_on, fire.due_at) == (date(2026, 11, 30), datetime(2027, 5, 30, 16, tzinfo=UTC))


def test_what_is_overdue_is_listed_told_and_changed_by_the_rules(
    desk_of: DeskOf, world: World, database: Database, run_jobs: Callable[[], int], time_machine: TimeMachineFixture
) -> None:
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.bakery).values(is_high_risk=True))
        count_some(session, [world.unions.shipyard, world.unions.bakery, world.unions.south], BEGINS)
    time_machine.move_to(datetime(2027, 5, 2, tzinfo=UTC), tick=False)
    desk, town = desk_of(world.people.enterprise_reviewer), desk_of(world.people.town_reviewer)
    assert "1 项演练到期还没有做" in desk.get("/console/").ok().text
    assert town.get("/console/drills?status=overdue").ok().text.count("<tr data-row") == 4
    for found, many in (("q=蓝海·船舶", 1), ("q=没有这家", 0), (f"mine=1&union={world.unions.shipyard}", 0)):
        assert town.get(f"/console/drills?status=overdue&{found}").ok().text.count("<tr data-row") == many, found
    assert desk.get(f"/console/drills?mine=1&union={world.unions.bakery}").status == 404
    assert desk_of(world.people.other_town_reviewer).get("/console/drills").ok().text.count("<tr data-row") == 0
    lines = sheet_of(desk.get("/console/drills/ledger.xlsx").ok().body).iter_rows(values_only=True)
    assert any("应演练日期" in line for line in lines)
    admin = desk_of(world.people.admin)
    rules = admin.get("/console/drills/rules").ok().text
    assert "未核实" in rules
    fire = re.search(r'/rules/([0-9a-f-]{36})"(?:(?!</form>).)*?value="fire" +selected', rules, re.DOTALL)
    assert fire is not None
    change = {
        "concerns": "everybody", "duty": "fire", "months": "12", "basis": "改过的依据", "is_verified": "1",
        "valid_from": "2011-03-01",
    }  # fmt: skip
    assert town.post(f"/console/drills/rules/{fire[1]}", change, form="/console/").status == 403
    assert admin.post(f"/console/drills/rules/{fire[1]}", change, form="/console/drills/rules").status == 303
    twice = admin.post("/console/drills/rules", change, form="/console/drills/rules")  # a second click, a second tab
    assert (twice.status, "这条规定已经有了" in twice.text) == (409, True)
    run_jobs()
    assert town.get("/console/drills?status=overdue").ok().text.count("<tr data-row") == 2


def rule(concerns: Concerns, duty: Duty, months: int, since: date, until: date | None, checked: bool) -> DrillRule:
    return DrillRule(
        id=ids.new_id(), concerns=concerns, duty=duty, months=months, basis="依据", is_verified=checked,
        valid_from=since, valid_until=until,
    )  # fmt: skip


days = st.dates(date(2020, 1, 1), date(2027, 12, 31))
rules = st.lists(
    st.builds(
        rule,
        st.sampled_from(Concerns),
        st.sampled_from(Duty),
        st.integers(1, 36),
        days,
        st.none() | days,
        st.booleans(),
    ),
    max_size=6,
)


@given(rules, st.booleans(), days, st.dictionaries(st.sampled_from(Duty), days), days)
def test_the_strictest_rule_in_force_counts_from_the_last_drill(
    known: list[DrillRule], is_high_risk: bool, since: date, last: dict[Duty, date], today: date
) -> None:
    found = {
        each.duty: each
        for each in next_due(known, is_high_risk=is_high_risk, known_since=since, last=last, today=today)
    }
    for duty in Duty:
        ends = [
            add_months(last.get(duty) or max(since, each.valid_from), each.months)
            for each in known
            if each.duty is duty and each.is_verified and each.valid_from <= today
            and (each.valid_until is None or today <= each.valid_until)
            and each.concerns in (Concerns.EVERYBODY, Concerns.HIGH_RISK if is_high_risk else Concerns.OTHERS)
        ]  # fmt: skip
        assert (found[duty].due_on if duty in found else None) == (min(ends) if ends else None)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_where_they_end(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later
    assert not applies(rule(Concerns.EVERYBODY, Duty.FIRE, 6, day, None, False), is_high_risk=True, on=day)
