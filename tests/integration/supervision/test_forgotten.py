"""Whoever is forgotten is named nowhere in what was written of plans; what is hashed never named them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import String, cast, delete, func, select

from server.core import clock, ids
from server.core.db import Base, Database
from server.oversight.supervision.models import PlanMember
from server.privacy.erasure.erasing import erase_person
from server.privacy.models import Erasure
from server.unions.accounts.models import Account, AuthSession
from server.unions.people.models import RoleAssignment
from tests.integration.supervision.planning import add_team, draft, publish, send, units_of
from tests.support.callers import Desk
from tests.support.world import Someone, World

DeskOf = Callable[[Someone], Desk]
TERMS = {"strata_by": "all", "source": "上证指数2026年12月9日收盘点位", "value_form": "index", "due_on": "2026-12-09"}


def named_in(database: Database, name: str) -> list[str]:
    """Tables of supervision, visits and the log in which a name stands."""
    with database.reading() as session:
        return [
            f"{table.name}.{column.name}"
            for table in Base.metadata.sorted_tables
            if table.name.startswith(("supervision", "visit", "audit_entries"))
            for column in table.c
            if session.scalar(select(func.count()).select_from(table).where(cast(column, String).contains(name)))
        ]


@pytest.mark.slow("a plan with every kind of reason, and an erasure")
def test_reasons_that_name_somebody_are_struck_when_they_are_forgotten(
    desk_of: DeskOf, world: World, database: Database
) -> None:
    who, city = world.people.district_reviewer, desk_of(world.people.city_reviewer)
    plan = draft(city, mode="random")
    add_team(city, plan, world.unions.north, person=str(who.id), duty="leader")
    assert send(city, f"{plan}/units", enterprise=str(world.unions.shipyard)).status == 303
    assert publish(city, plan).status == 303
    [unit] = units_of(city, plan)
    assert send(city, f"{unit}/drop", reason=f"{who.name}原来在这家").status == 303
    draw = send(city, f"{plan}/draws", **TERMS).headers["Location"]
    with database.reading() as session:
        member = session.scalar(select(PlanMember.id))
    away = {"member": str(member), "union": str(world.unions.bakery), "reason": f"{who.name}的亲属在这家"}
    assert send(city, f"{draw}/recusals", **away).status == 303
    page = city.get(draw).ok().text
    assert away["reason"] in page
    assert set(named_in(database, who.name)) == {
        "supervision_changes.reason", "supervision_recusals.reason", "supervision_units.dropped_reason",
    }  # fmt: skip

    now = clock.now()
    with database.transaction() as session:
        for model in (RoleAssignment, AuthSession, Account):  # they review no more
            session.execute(delete(model).where(model.person_id == who.id))
        row = Erasure(id=ids.new_id(), person_id=who.id, requested_at=now, due_at=now - timedelta(hours=1))
        session.add(row)
        session.flush()
        assert erase_person(session, row.id, now=now)
    assert named_in(database, who.name) == []
    assert "××的亲属在这家" in city.get(draw).ok().text
