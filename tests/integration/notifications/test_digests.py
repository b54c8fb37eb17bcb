"""What reviewers are told: the badge beside the queue, and the digest of each working day."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from server.core import clock, ids
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.slice import declared
from server.notifications.digests import queries
from server.notifications.digests.actions import write_digest
from server.notifications.digests.jobs import write_daily
from server.notifications.digests.models import DailyDigest
from server.notifications.inbox.models import InboxMessage
from server.unions.people.models import WechatIdentity
from server.unions.roles import Role
from tests.support import backends
from tests.support.callers import Desk, Phone
from tests.support.counting import count_statements
from tests.support.tasks import actor_at
from tests.support.world import Someone, World

TUESDAY_MORNING = datetime.fromisoformat("2026-11-24T00:30Z")  # 08:30 in China


@pytest.fixture
def ctx(settings: Settings, database: Database) -> JobContext:
    return backends.job_context(settings, database)


def digests(database: Database) -> list[DailyDigest]:
    with database.reading() as session:
        return list(session.scalars(select(DailyDigest).order_by(DailyDigest.day, DailyDigest.person_id)))


def of(database: Database, someone: Someone) -> DailyDigest:
    (found,) = [digest for digest in digests(database) if digest.person_id == someone.id]
    return found


def test_each_reviewer_gets_one_digest_a_working_day(
    ctx: JobContext, database: Database, phone: Phone, world: World, time_machine: Any
) -> None:
    phone.report(enterprise_id=world.unions.shipyard)
    time_machine.move_to(TUESDAY_MORNING)
    for _ in range(3):
        write_daily(ctx)
    everybody = {digest.person_id for digest in digests(database)}
    assert len(digests(database)) == len(everybody)
    assert {world.people.town_reviewer.id, world.people.city_reviewer.id} <= everybody
    assert world.people.worker.id not in everybody
    assert of(database, world.people.enterprise_reviewer).waiting == 1
    assert of(database, world.people.town_reviewer).waiting == 0, "the enterprise answers"
    time_machine.move_to(datetime.fromisoformat("2026-11-25T00:30Z"))
    write_daily(ctx)
    assert len(digests(database)) == 2 * len(everybody)


@pytest.mark.parametrize("moment", ["2026-11-23T23:59Z", "2026-11-28T02:00Z"])  # 07:59; a Saturday
def test_nobody_is_told_before_the_hour_or_on_a_day_off(
    ctx: JobContext, database: Database, time_machine: Any, moment: str
) -> None:
    time_machine.move_to(datetime.fromisoformat(moment))
    write_daily(ctx)
    assert digests(database) == []


def test_two_workers_at_once_write_one_digest_and_one_message(database: Database, world: World, phone: Phone) -> None:
    reviewer = world.people.enterprise_reviewer
    with database.transaction() as session:
        session.add(
            WechatIdentity(id=ids.new_id(), person_id=reviewer.id, app_id="wx", openid="o-9", created_at=clock.now())
        )
    phone.report(enterprise_id=world.unions.shipyard)

    def write(_: int) -> bool:
        with database.transaction() as session:
            return write_digest(session, reviewer.id, date(2026, 11, 24), now=clock.now())

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(write, range(6))) == 1
    with database.reading() as session:
        told = select(func.count()).select_from(InboxMessage).where(InboxMessage.person_id == reviewer.id)
        assert session.scalar(told) == 1


def test_the_digest_counts_what_is_overdue(
    ctx: JobContext, database: Database, phone: Phone, world: World, time_machine: Any,
    desk_of: Callable[[Someone], Desk],
) -> None:  # fmt: skip
    phone.report(enterprise_id=world.unions.shipyard)
    time_machine.move_to(datetime.fromisoformat("2026-12-21T01:00Z"))
    write_daily(ctx)
    digest = of(database, world.people.enterprise_reviewer)
    assert (digest.waiting, digest.overdue) == (1, 1)
    page = desk_of(world.people.enterprise_reviewer).get("/console/digests").ok().text
    assert "1 条待受理，其中 1 条已逾期" in page
    assert "count-alert" in page


def test_the_badge_shows_what_waits_for_ones_own_union(
    phone: Phone, world: World, desk_of: Callable[[Someone], Desk]
) -> None:
    phone.report(enterprise_id=world.unions.shipyard)
    people = world.people
    assert "1 条待办" in desk_of(people.enterprise_reviewer).get("/console/").ok().text
    for other in (people.town_reviewer, people.city_reviewer, people.other_enterprise_reviewer, people.admin):
        assert "条待办" not in desk_of(other).get("/console/").ok().text


def test_the_badge_costs_two_statements_and_one_per_kind_of_todo_in_use_in_half_a_minute(
    phone: Phone, world: World, desk_of: Callable[[Someone], Desk], database: Database
) -> None:
    desk = desk_of(world.people.town_reviewer)
    desk.get("/console/account").ok()
    with count_statements(database.engine) as warm:
        desk.get("/console/account").ok()
    queries._badges.forget()
    with count_statements(database.engine) as cold:
        desk.get("/console/account").ok()
    # queued, overdue, which kinds are in use, and of those one each: nothing was ever sent in here
    assert len(cold) - len(warm) == 3


def test_every_kind_of_todo_counts_rows_of_the_table_that_it_names(
    phone: Phone, world: World, database: Database
) -> None:
    """While that table is empty nobody is asked."""
    people, unions = world.people, world.unions
    town = actor_at(database, people.town_reviewer.id, Role.TOWN_REVIEWER, unions.seaside)
    enterprise = actor_at(database, people.enterprise_reviewer.id, Role.ENTERPRISE_REVIEWER, unions.shipyard)
    city = actor_at(database, people.city_reviewer.id, Role.CITY_REVIEWER, unions.city)
    for todo in declared().todos:
        with database.reading() as session, count_statements(database.engine) as asked:
            for actor in (town, enterprise, city):
                assert todo.count(session, actor, clock.now()) == 0
        assert re.search(rf"\b(FROM|JOIN) {todo.table}\b", asked[-1]), todo.name
    with database.reading() as session, count_statements(database.engine) as asked:
        assert queries.count_others(session, town, clock.now(), below=True) == {}
    assert len(asked) == 1
    phone.report(enterprise_id=unions.shipyard)
    with database.reading() as session:
        assert queries.count_others(session, town, clock.now(), below=True) != {}
