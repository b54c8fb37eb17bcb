"""A contest that has rankings and finishers, the city's desk, a second reviewer's desk, phones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import Select, select

from server.core import clock
from server.core.db import Database
from server.core.jobs.registry import JobContext
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.rewards import contests
from server.rewards.draws.models import Draw, DrawStep
from server.rewards.prizes.models import Prize, PrizePool, PrizeStep, PrizeWin, WinStatus
from server.unions.roles import Role
from tests.support.callers import Answer, Desk
from tests.support.contests import SampleContests
from tests.support.world import PASSWORD, Someone, World, make_account, make_person

POOL = {"name": "闯关奖品", "one_each": "true", "runners_up": "2", "notice_days": "1", "claim_days": "5"}
DRAW = {
    "name": "闯关抽奖", "source": "双色球第 2026140 期开奖号码", "due_on": "2026-12-03",
    "value_form": "ssq", "fallback_form": "index",
    "fallback_source": "上证综合指数 12 月 10 日收盘", "fallback_on": "2026-12-10",
}  # fmt: skip
T = TypeVar("T")
VALUE = "03 07 11 19 23 30 08"


@dataclass
class Giving:
    """The contest, who gives its prizes, what the database says, and the time."""

    contest: SampleContests
    database: Database
    desk: Desk
    second: Desk
    who: Someone
    other: Someone
    time: time_machine.TimeMachineFixture

    def send(self, path: str, **fields: str) -> Answer:
        """A form sent to the console."""
        return self.desk.post(f"/console{path}", fields)

    def send_second(self, path: str, **fields: str) -> Answer:
        """The same by the second reviewer."""
        return self.second.post(f"/console{path}", fields)

    def pool(self, *prizes: tuple[str, str, int], **changes: str) -> UUID:
        """A pool with prizes: name, way, quantity."""
        sent = {"contest_id": str(self.contest.id), **POOL, **changes}
        assert self.send("/prizes", **sent).status == 303
        pool_id = self.row(select(PrizePool).order_by(PrizePool.id.desc())).id
        for name, way, quantity in prizes:
            answer = self.send(f"/prizes/{pool_id}/prizes", name=name, way=way, quantity=str(quantity))
            assert answer.status == 303, answer.text[:2000]
        return pool_id

    def row(self, statement: Select[T]) -> T:
        """The first row of a statement."""
        with self.database.reading() as session:
            return session.scalars(statement.limit(1)).one()

    def promised(self, pool_id: UUID, **changes: str) -> UUID:
        """A draw of the pool."""
        answer = self.send(f"/prizes/{pool_id}/draw", **{**DRAW, **changes})
        assert answer.status == 303, answer.text[:2000]
        return self.row(select(Draw).where(Draw.pool_id == pool_id).order_by(Draw.id.desc())).id

    def draw(self, draw_id: UUID) -> Draw:
        """A draw as it is now."""
        with self.database.reading() as session:
            return session.get_one(Draw, draw_id)

    def close(self) -> None:
        """Go to the contest's close."""
        self.go_to(self.contest.closes_at + timedelta(seconds=1))

    def go_to(self, moment: datetime | str) -> None:
        """Go to a moment; whoever sits at the desks signs in again."""
        self.time.move_to(moment)
        self.desk.sign_in(self.who)
        self.second.sign_in(self.other)

    def drawn(self, pool_id: UUID, *, value: str = VALUE) -> UUID:
        """The pool's draw, from the promise to the end."""
        draw_id = self.promised(pool_id)
        self.close()
        assert self.send(f"/draws/{draw_id}/freeze").status == 303
        self.go_to("2026-12-03T14:00Z")
        assert self.send(f"/draws/{draw_id}/value", value=value).status == 303
        answer = self.send_second(f"/draws/{draw_id}/value/confirm", value=value)
        assert answer.status == 303, answer.text[:2000]
        return draw_id

    def wins(self, pool_id: UUID, *statuses: WinStatus) -> list[PrizeWin]:
        """The pool's wins by way and place; all of them, or those in some states."""
        statement = select(PrizeWin).where(PrizeWin.pool_id == pool_id)
        if statuses:
            statement = statement.where(PrizeWin.status.in_(statuses))
        with self.database.reading() as session:
            return list(session.scalars(statement.order_by(PrizeWin.way.desc(), PrizeWin.place)))

    def prizes(self, pool_id: UUID) -> list[Prize]:
        """The pool's prizes."""
        with self.database.reading() as session:
            return list(session.scalars(select(Prize).where(Prize.pool_id == pool_id).order_by(Prize.position)))

    def moves(self, pool_id: UUID) -> list[str]:
        """The pool's log."""
        with self.database.reading() as session:
            statement = select(PrizeStep.move).where(PrizeStep.pool_id == pool_id).order_by(PrizeStep.id)
            return [str(move) for move in session.scalars(statement)]

    def draw_moves(self, draw_id: UUID) -> list[str]:
        """The draw's log."""
        with self.database.reading() as session:
            statement = select(DrawStep.move).where(DrawStep.draw_id == draw_id).order_by(DrawStep.id)
            return [str(move) for move in session.scalars(statement)]


@pytest.fixture
def contest(database: Database, world: World) -> Iterator[SampleContests]:
    """A contest that closes in a week; the workers finished it, in the order of the ranking."""
    people = world.people
    best = [people.worker.id, people.colleague.id, people.stranger.id, people.newcomer.id]
    closes_at = clock.now().replace(year=2026, month=12, day=1, hour=12, minute=0, second=0, microsecond=0)
    sample = SampleContests(world.campaign_id, closes_at, finishers=best[::-1], ranking=best)
    contests.CONTESTS.plug(sample)
    yield sample
    contests.CONTESTS.unplug(sample)


@pytest.fixture
def giving(
    contest: SampleContests,
    database: Database,
    desk_of: Callable[[Someone], Desk],
    world: World,
    time_machine: time_machine.TimeMachineFixture,
) -> Giving:
    """The city gives prizes, a week before the close."""
    time_machine.move_to("2026-11-24T02:00Z")
    with database.transaction() as session:
        person = make_person(session, "周审", roles=((Role.CITY_REVIEWER, world.unions.city),))
        cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
        make_account(session, person, "city-2", cheap)
        other = Someone(person.id, "周审", username="city-2")
    who = world.people.city_reviewer
    return Giving(contest, database, desk_of(who), desk_of(other), who, other, time_machine)


@pytest.fixture
def context(settings: Settings, database: Database, object_store: ObjectStore) -> JobContext:
    """What work by the clock is called with."""
    return JobContext(settings, database, object_store)
