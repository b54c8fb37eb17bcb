"""kill -9 of web and worker while 6,000 recipients are written: each union is asked exactly once."""

import time
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from server import wiring
from server.assignments.dispatch import actions
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient
from server.assignments.dispatch.schemas import DraftIn, RecipientRule
from server.core import clock, ids
from server.core.clock import day_of
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from server.unions.tree.models import Union
from server.unions.tree.rules import ancestors_of
from tests.faults.conftest import FragileService
from tests.support.servers import wait_until
from tests.support.world import MADE_AT, World

pytestmark = [
    pytest.mark.parametrize("backend", ["embedded"], indirect=True),
    pytest.mark.servers,
    pytest.mark.settings(job_lease_seconds=2, job_sweep_seconds=0.5),
]
MANY = 6_000


def fill_city(service: FragileService, world: World) -> int:
    """Enterprises, so that there are MANY."""
    wiring.wire()  # the kinds of assignments
    with service.database.transaction() as session:
        town = session.get_one(Union, world.unions.seaside)
        have = session.scalar(select(func.count()).where(Union.level == Level.ENTERPRISE)) or 0
        rows = []
        for number in range(MANY - have):
            union_id = ids.new_id()
            rows.append({
                "id": union_id, "parent_id": town.id, "level": Level.ENTERPRISE, "name": f"企业{number:05}",
                "short_name": "", "created_at": MADE_AT, "updated_at": MADE_AT, "is_high_risk": False,
                "is_chemical": False, "is_active": True, "version": 1,
                **ancestors_of(Level.ENTERPRISE, union_id, town),
            })  # fmt: skip
        session.execute(insert(Union), rows)
    return MANY


def send_to_all(service: FragileService, world: World) -> UUID:
    city = world.people.city_reviewer
    at = RoleAt(Role.CITY_REVIEWER, world.unions.city, Level.CITY, "")
    actor, now = Actor(city.id, city.name, ids.new_id(), None, (at,)), clock.now()
    with service.database.transaction() as session:
        body = DraftIn(
            title="冬季检查", rule=RecipientRule(levels=(Level.ENTERPRISE,)), due_on=day_of(now) + timedelta(days=9)
        )
        draft = actions.draft_assignment(session, "task", body, actor=actor, now=now)
        actions.send_assignment(session, draft.id, draft.version, actor=actor, now=now)
    return draft.id


def written(service: FragileService, assignment_id: UUID) -> int:
    with service.database.reading() as session:
        return session.scalar(select(func.count()).where(Recipient.assignment_id == assignment_id)) or 0


def status(service: FragileService, assignment_id: UUID) -> AssignmentStatus:
    with service.database.reading() as session:
        return session.get_one(Assignment, assignment_id).status


def test_six_thousand_are_asked_once_each_whatever_is_killed_meanwhile(service: FragileService, world: World) -> None:
    fill_city(service, world)
    service.kill_worker()
    sent = send_to_all(service, world)
    killed = 0
    for wanted in (1, 3_000):
        service.start_worker()
        deadline = time.monotonic() + 60
        while written(service, sent) < wanted and time.monotonic() < deadline:
            time.sleep(0.005)
        service.kill_worker()
        killed += status(service, sent) is AssignmentStatus.SENDING
        if wanted == 3_000:
            service.kill_web()
            service.start_web()
    assert killed, "it was never killed in the middle"
    service.start_worker()
    wait_until(lambda: status(service, sent) is AssignmentStatus.SENT, f"sent\n{service.log()}", 60)
    with service.database.reading() as session:
        asked = session.execute(
            select(func.count(), func.count(Recipient.union_id.distinct())).where(Recipient.assignment_id == sent)
        ).one()
        assert tuple(asked) == (MANY, MANY)
        assert session.get_one(Assignment, sent).recipient_count == MANY
