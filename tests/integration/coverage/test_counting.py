"""Coverage is what a naive recount says, whatever happened before."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from server.core import ids
from server.core.db import Database
from server.oversight.coverage.models import (
    CoverageChange,
    CoverageFact,
    CoveragePeriod,
    NamedOfficer,
    OfficerState,
)
from server.oversight.coverage.triggers import NAMES
from server.oversight.training.models import (
    Attendance,
)
from server.unions.campaigns.models import Campaign
from server.unions.tree.models import Union
from tests.integration.coverage.recounting import DAYS, TODAY, Hands, kept, recount
from tests.integration.coverage.training import attend, count_coverage, hold_session, sign
from tests.support.examples import examples
from tests.support.world import World

ACTS = st.sampled_from(
    [
        "come",
        "come",
        "come",
        "come",
        "number",
        "strike",
        "erase",
        "sign",
        "officer",
        "name",
        "move",
        "change",
        "bind",
        "plan",
        "drill",
        "drill",
    ]
)


@pytest.mark.parametrize("backend", ["embedded"], indirect=True)
@settings(max_examples=examples(25, full=150), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(acts=st.lists(st.tuples(ACTS, st.integers(0, 999)), min_size=5, max_size=25))
def test_whatever_happens_coverage_is_what_a_naive_recount_says(
    database: Database, world: World, acts: list[tuple[str, int]], time_machine: Any
) -> None:
    """Examples go on where the one before has ended: what was counted then has to come out again as well."""
    time_machine.move_to(TODAY, tick=False)
    hands = Hands(world)
    for what, pick in acts:
        with database.transaction() as session:
            hands.do(session, what, pick)
    count_coverage(database)
    with database.reading() as session:
        assert session.scalar(select(CoverageChange.id).limit(1)) is None
        assert kept(session) == recount(session)
        for fact in session.scalars(select(CoverageFact)):
            assert fact.attended <= fact.headcount
            assert fact.teams_drilled <= fact.teams


def test_nobody_counts_for_two_enterprises_and_a_withdrawn_attendance_gives_them_to_the_other(
    database: Database, world: World, time_machine: Any
) -> None:
    """On both databases: the triggers tell of the other enterprise too."""
    time_machine.move_to(TODAY, tick=False)
    with database.transaction() as session:
        for union_id in (world.unions.shipyard, world.unions.brewery):
            sign(session, world, union_id, DAYS[1])
        first = attend(session, hold_session(session, world, DAYS[2]), world.unions.shipyard, "p1")
        attend(session, hold_session(session, world, DAYS[3]), world.unions.brewery, "p1", is_officer=True)
    count_coverage(database)
    assert _attended(database, world) == {world.unions.shipyard: 1, world.unions.brewery: 0}
    with database.transaction() as session:
        session.get_one(Attendance, first.id).is_counted = False
    count_coverage(database)
    assert _attended(database, world) == {world.unions.shipyard: 0, world.unions.brewery: 1}
    with database.transaction() as session:
        session.execute(update(Union).where(Union.id == world.unions.brewery).values(safety_officer_name="某某"))
        session.execute(delete(Attendance).where(Attendance.id == first.id))
    count_coverage(database)
    with database.reading() as session:
        states = {row.enterprise_id: row.officer_state for row in session.scalars(select(CoverageFact))}
        assert states[world.unions.brewery] is OfficerState.COVERED
        assert states[world.unions.shipyard] is OfficerState.UNNAMED
        assert set(NAMES) <= _triggers(database, session)


def test_a_namesake_of_an_officer_whom_the_system_knows_is_somebody_else(
    database: Database, world: World, time_machine: Any
) -> None:
    """On paper, where nobody is known, the name is enough."""
    time_machine.move_to(TODAY, tick=False)
    people = world.people
    with database.transaction() as session:
        session.add(
            NamedOfficer(
                id=ids.new_id(), enterprise_id=world.unions.shipyard, name="安全员甲", named_at=TODAY,
                named_by_id=people.city_reviewer.id, person_id=people.worker.id,
            )
        )  # fmt: skip
        session.execute(update(Union).where(Union.id == world.unions.shipyard).values(safety_officer_name="安全员甲"))
        held = hold_session(session, world, DAYS[2])
        named = {"name": "安全员甲", "person_id": people.colleague.id}
        attend(session, held, world.unions.shipyard, people.colleague.id.hex, **named)
    count_coverage(database)
    assert _state(database, world) is OfficerState.MISSING
    with database.transaction() as session:
        sheet = attend(session, held, world.unions.shipyard, f"n{'0' * 31}", name="安全员甲")
    count_coverage(database)
    assert _state(database, world) is OfficerState.COVERED
    with database.transaction() as session:
        session.execute(delete(Attendance).where(Attendance.id == sheet.id))
        person = {"name": "改了名", "person_id": people.worker.id}
        attend(session, held, world.unions.shipyard, people.worker.id.hex, **person)
    count_coverage(database)
    assert _state(database, world) is OfficerState.COVERED


def _state(database: Database, world: World) -> OfficerState:
    with database.reading() as session:
        of_year = select(CoverageFact).join(CoveragePeriod, CoveragePeriod.id == CoverageFact.period_id)
        those = of_year.where(CoveragePeriod.year == 2026, CoverageFact.enterprise_id == world.unions.shipyard)
        return session.scalars(those).one().officer_state


def _attended(database: Database, world: World) -> dict[UUID, int]:
    year = select(CoveragePeriod.id).where(CoveragePeriod.year == 2026).scalar_subquery()
    wanted = (world.unions.shipyard, world.unions.brewery)
    with database.reading() as session:
        rows = select(CoverageFact.enterprise_id, CoverageFact.attended).where(
            CoverageFact.period_id == year, CoverageFact.enterprise_id.in_(wanted)
        )
        return {row.enterprise_id: row.attended for row in session.execute(rows)}


def _triggers(database: Database, session: Session) -> set[str]:
    is_sqlite = database.engine.dialect.name == "sqlite"
    names = "SELECT name FROM sqlite_master WHERE type = 'trigger'" if is_sqlite else "SELECT tgname FROM pg_trigger"
    return set(session.scalars(text(names)))


def test_a_campaign_whose_days_change_is_counted_anew(database: Database, world: World, time_machine: Any) -> None:
    time_machine.move_to(TODAY, tick=False)
    with database.transaction() as session:
        sign(session, world, world.unions.shipyard, DAYS[1])
        attend(session, hold_session(session, world, DAYS[1]), world.unions.shipyard, "p1")
    count_coverage(database)
    of_campaign = (
        select(CoverageFact.attended)
        .join(CoveragePeriod, CoveragePeriod.id == CoverageFact.period_id)
        .where(CoveragePeriod.campaign_id == world.campaign_id, CoverageFact.enterprise_id == world.unions.shipyard)
    )
    with database.transaction() as session:
        assert session.scalar(of_campaign) == 1
        session.execute(update(Campaign).where(Campaign.id == world.campaign_id).values(starts_on=DAYS[2]))
    count_coverage(database)
    with database.reading() as session:
        assert session.scalar(of_campaign) == 0
