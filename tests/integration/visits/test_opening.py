"""A visit is planned by a union above the enterprise, with a team; every level sees that it was there, no more."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from server.core.db import Database
from server.core.errors import AppError
from server.oversight.visits.actions import open_visit
from server.oversight.visits.models import Visit, VisitMode
from server.oversight.visits.queries import last_visits, visits_this_year
from server.oversight.visits.schemas import MemberIn
from server.unions.actor import Actor
from server.unions.roles import Role
from tests.support.tasks import actor_at
from tests.support.world import World

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


def opened(database: Database, world: World, actor: Actor, **changes: Any) -> UUID:
    fields: dict[str, Any] = {
        "enterprise_id": world.unions.shipyard, "mode": VisitMode.RANDOM, "occasion": "四季度随机抽查",
        "planned_from": date(2026, 11, 28), "planned_to": date(2026, 12, 5),
        "team": [MemberIn(person_id=actor.person_id, is_leader=True), MemberIn(words="化工专家")],
    }  # fmt: skip
    with database.transaction() as session:
        return open_visit(session, actor=actor, now=NOW, **{**fields, **changes}).id


def city(database: Database, world: World) -> Actor:
    return actor_at(database, world.people.city_reviewer.id, Role.CITY_REVIEWER, world.unions.city)


def town(database: Database, world: World) -> Actor:
    return actor_at(database, world.people.town_reviewer.id, Role.TOWN_REVIEWER, world.unions.seaside)


def test_every_level_sees_that_it_was_there_and_unannounced_ones_are_not_told(database: Database, world: World) -> None:
    opened(database, world, city(database, world))
    opened(database, world, town(database, world), planned_from=date(2026, 12, 1), mode=VisitMode.LEADERS)
    opened(database, world, city(database, world), mode=VisitMode.UNANNOUNCED)
    opened(database, world, city(database, world), planned_from=date(2025, 12, 1))
    those = [world.unions.shipyard, world.unions.bakery]
    with database.transaction() as session:
        shown = last_visits(session, those, most=2)
        counts = visits_this_year(session, those, NOW)
    assert [(each.mode_name, each.on) for each in shown[world.unions.shipyard]] == [
        ("领导带队专项督导", date(2026, 12, 1)), ("随机抽查", date(2026, 11, 28)),
    ]  # fmt: skip
    assert (shown[world.unions.bakery], counts) == ([], {world.unions.shipyard: 3, world.unions.bakery: 0})


REFUSED: dict[str, tuple[dict[str, Any], int]] = {
    "another_town's": ({"enterprise_id": "brewery"}, 403),
    "no_enterprise": ({"enterprise_id": "seaside"}, 404),
    "days_turned_round": ({"planned_to": date(2026, 11, 1)}, 422),
    "nobody": ({"team": []}, 422),
    "a_worker": ({"team": "worker"}, 422),
    "in_another's_name": ({"organizer_id": "city"}, 403),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_planned_is_refused(database: Database, world: World, case: str) -> None:
    changes, status = REFUSED[case]
    made = {name: getattr(world.unions, value) if name.endswith("_id") else value for name, value in changes.items()}
    if made.get("team") == "worker":
        made["team"] = [MemberIn(person_id=world.people.worker.id)]
    with pytest.raises(AppError) as refused:
        opened(database, world, town(database, world), **made)
    assert refused.value.status == status
    with database.transaction() as session:
        assert session.query(Visit).count() == 0
