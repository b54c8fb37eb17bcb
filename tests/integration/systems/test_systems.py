"""A city asks about systems, enterprises say what they have, unions check, everybody sees who lacks what."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.kit.following.actions import follow_some
from server.oversight.systems.jobs import ask, refresh
from server.oversight.systems.models import HeldStatus, HeldSum, HeldSystem, SafetySystem
from server.oversight.systems.rules import months_after, shipped_systems
from server.oversight.systems.triggers import NAMES
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.rules import ancestors_of
from tests.support.callers import Answer, Desk
from tests.support.examples import examples
from tests.support.ledgers import sheet_of
from tests.support.pages import squeeze
from tests.support.world import Someone, World

pytestmark = pytest.mark.usefixtures("end_of_november")

STATED = {
    "title": "安全生产责任制度（2025）1号", "adopted_on": "2025-01-31", "reviewed_on": "2025-03-01",
    "next_review_on": "", "note": "",
}  # fmt: skip


def run(database: Database) -> None:
    """What the jobs do every few minutes."""
    context = cast(JobContext, SimpleNamespace(database=database))
    ask(context)
    refresh(context)


def held_at(database: Database, enterprise_id: UUID, position: int = 1) -> HeldSystem:
    with database.reading() as session:
        return session.scalars(
            select(HeldSystem)
            .join(SafetySystem, SafetySystem.id == HeldSystem.system_id)
            .where(HeldSystem.enterprise_id == enterprise_id, SafetySystem.position == position)
        ).one()


def move(desk: Desk, held: HeldSystem, name: str, version: int, **fields: str) -> Answer:
    return desk.post(f"/console/systems/held/{held.id}/{name}", {"version": str(version), **fields}, form="/console/")


def begin(desk_of: Callable[[Someone], Desk], world: World, database: Database) -> None:
    desk = desk_of(world.people.city_reviewer)
    assert desk.post("/console/systems/choice/shipped", {}, form="/console/").status == 303
    run(database)


def test_from_the_shipped_list_to_a_checked_system(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    begin(desk_of, world, database)
    enterprise, town = desk_of(world.people.enterprise_reviewer), desk_of(world.people.town_reviewer)
    assert "项安全制度还没有填" in enterprise.get("/console/").ok().text
    held = held_at(database, world.unions.shipyard)
    assert move(enterprise, held, "state", 1, **STATED).status == 303
    page = enterprise.get(f"/console/systems/enterprises/{world.unions.shipyard}").ok().text
    assert "2026-03-01，已到期" in page  # a year after the review
    assert move(enterprise, held, "check", 2).status == 403
    assert "1 项企业安全制度等核对" in town.get("/console/").ok().text
    assert "等核对" not in desk_of(world.people.district_reviewer).get("/console/").ok().text  # the town's to do
    assert move(town, held, "return", 2, reason="缺少考核办法").status == 303
    assert "缺少考核办法" in enterprise.get(f"/console/systems/enterprises/{world.unions.shipyard}").ok().text
    assert move(enterprise, held, "state", 3, **STATED | {"reviewed_on": "2026-11-01"}).status == 303
    assert move(town, held, "check", 4).status == 303
    assert move(desk_of(world.people.other_enterprise_reviewer), held, "state", 5, **STATED).status == 404
    other = held_at(database, world.unions.shipyard, 2)
    assert move(enterprise, other, "admit", 1, note="年底前建立").status == 303
    run(database)

    desk = desk_of(world.people.city_reviewer)
    top = desk.get("/console/systems").ok().text
    assert all(words in top for words in ("全员安全生产责任制", "市南区", "33%"))
    absent = desk.get("/console/systems/list?status=absent").ok().text
    assert ("年底前建立" in absent, absent.count("data-row")) == (True, 1)
    assert 'name="industry" value=""' in squeeze(absent)  # nothing typed is nothing, not “None”
    heading = [row[0] for row in sheet_of(desk.get("/console/systems/list/ledger.xlsx").ok().body).values][1]
    assert "范围：全部　" in heading
    _title, heads, first, *_ = sheet_of(desk.get("/console/systems/table.xlsx").ok().body).values
    assert dict(zip(heads, first, strict=True))["已核"] == 1
    assert desk_of(world.people.town_reviewer).get(f"/console/systems?union={world.unions.north}").status == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"adopted_on": "2026-11-30", "reviewed_on": ""}, "不能晚于今天"),
        ({"reviewed_on": "2024-01-01"}, "要在发布日期和今天之间"),
        ({"next_review_on": "2025-03-01"}, "要晚于上次评审"),
        ({"title": " "}, "需要修改"),
    ],
)
def test_what_is_refused_comes_back_as_it_was_typed(
    desk_of: Callable[[Someone], Desk], world: World, database: Database, changes: dict[str, str], words: str
) -> None:
    begin(desk_of, world, database)
    held = held_at(database, world.unions.shipyard)
    fields = STATED | {"note": "分三级"} | changes
    answer = move(desk_of(world.people.enterprise_reviewer), held, "state", 1, **fields)
    assert (answer.status, words in answer.text, "分三级" in answer.text) == (422, True, True)
    assert held_at(database, world.unions.shipyard).status is HeldStatus.UNSTATED


def test_whoever_filled_it_in_for_an_enterprise_does_not_check_it(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    begin(desk_of, world, database)
    held = held_at(database, world.unions.bakery)
    town = desk_of(world.people.town_reviewer)
    assert move(town, held, "state", 1, **STATED).status == 303
    assert move(town, held, "check", 2).status == 409
    assert move(desk_of(world.people.district_reviewer), held, "check", 2).status == 303


def test_the_list_is_the_citys_and_what_is_not_asked_any_more_is_counted_no_more(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    begin(desk_of, world, database)
    desk = desk_of(world.people.city_reviewer)
    fields = {"name": "有限空间作业审批制度", "basis": "本市要求", "review_months": "6"}
    assert desk.post("/console/systems/choice", fields, form="/console/").status == 303
    again = desk.post("/console/systems/choice", fields, form="/console/")
    assert (again.status, "已经有同名的制度" in again.text) == (409, True)
    assert desk.post("/console/systems/choice/shipped", {}, form="/console/").status == 303  # nothing twice
    run(database)
    with database.reading() as session:
        systems = session.scalars(select(SafetySystem).order_by(SafetySystem.position)).all()
    assert len(systems) == len(list(shipped_systems())) + 1
    off = {"name": systems[0].name, "basis": "", "review_months": "12", "version": "1"}  # no tick: not asked about
    assert desk.post(f"/console/systems/choice/{systems[0].id}", off, form="/console/").status == 303
    assert desk.post(f"/console/systems/choice/{systems[0].id}", off, form="/console/").status == 409
    run(database)
    assert systems[0].name not in desk.get("/console/systems").ok().text
    assert desk_of(world.people.town_reviewer).get("/console/systems/choice").status == 403


def test_a_checked_system_keeps_its_documents(
    desk_of: Callable[[Someone], Desk], world: World, database: Database
) -> None:
    """Another document is another statement: it is looked at anew."""
    begin(desk_of, world, database)
    held = held_at(database, world.unions.shipyard)
    enterprise = desk_of(world.people.enterprise_reviewer)
    assert move(enterprise, held, "state", 1, **STATED).status == 303
    page = f"/console/systems/enterprises/{world.unions.shipyard}"
    assert enterprise.get(page).ok().text.count("data-files=") == len(list(shipped_systems()))
    assert move(desk_of(world.people.town_reviewer), held, "check", 2).status == 303
    assert enterprise.get(page).ok().text.count("data-files=") == len(list(shipped_systems())) - 1


# --- sums -------------------------------------------------------------------------------------------------------------

ACTS = st.tuples(st.sampled_from(["status", "move", "active", "asked", "erase"]), st.integers(0, 999))


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
@settings(max_examples=examples(12, full=80), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(ACTS, min_size=3, max_size=15))
def test_whatever_happens_the_sums_are_those_of_a_recount(
    database: Database, world: World, desk_of: Callable[[Someone], Desk], acts: list[tuple[str, int]]
) -> None:
    begin(desk_of, world, database)
    for what, pick in acts:
        _act(database, world, what, pick)
    run(database)
    with database.reading() as session:
        kept = {
            (row.union_id, row.system_id, row.status): row.enterprises
            for row in session.scalars(select(HeldSum))
            if row.enterprises
        }
        counted: Counter[Any] = Counter()
        for row in session.scalars(select(HeldSystem)):
            union = session.get_one(Union, row.enterprise_id)
            if union.is_active and session.get_one(SafetySystem, row.system_id).is_asked:
                counted.update((each, row.system_id, row.status)
                               for each in (union.city_id, union.district_id, union.town_id))  # fmt: skip
        assert kept == dict(counted)


def _act(database: Database, world: World, what: str, pick: int) -> None:
    enterprises = (world.unions.shipyard, world.unions.bakery, world.unions.brewery)
    enterprise_id = enterprises[pick % 3]
    with database.transaction() as session:
        rows = session.scalars(select(HeldSystem).order_by(HeldSystem.id)).all()
        row = rows[pick % len(rows)]
        if what == "status":
            row.status, row.stated_at = HeldStatus.ABSENT, clock.now()
        elif what == "erase":
            session.delete(row)
        elif what == "active":
            session.execute(update(Union).where(Union.id == enterprise_id).values(is_active=pick % 2 == 0))
        elif what == "asked":
            session.get_one(SafetySystem, row.system_id).is_asked = pick % 2 == 0
        else:
            parent = session.get_one(Union, [world.unions.seaside, world.unions.hillside][pick % 2])
            above = ancestors_of(Level.ENTERPRISE, enterprise_id, parent)
            session.execute(update(Union).where(Union.id == enterprise_id).values(parent_id=parent.id, **above))
            moved = session.get_one(Union, enterprise_id, populate_existing=True)
            session.flush()
            follow_some(session, HeldSystem, moved)


def test_the_triggers_are_there(database: Database) -> None:
    """On both databases, and after every migration."""
    is_sqlite = database.engine.dialect.name == "sqlite"
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if is_sqlite else "SELECT tgname FROM pg_trigger"
    with database.reading() as session:
        assert set(NAMES) <= set(session.scalars(text(names)))


def test_months_end_where_they_end() -> None:
    assert months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_after(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)
