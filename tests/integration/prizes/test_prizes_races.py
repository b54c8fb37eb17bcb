"""People who give and take prizes at the same moment, on PostgreSQL, where they truly do."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from server.core import clock
from server.core.errors import AppError
from server.core.jobs.registry import JobContext
from server.kit.workflow import perform
from server.rewards.draws.jobs import freeze_lists
from server.rewards.draws.models import DrawEntry
from server.rewards.prizes.models import PoolMove, Prize, PrizeHandover, PrizeWin, WinStatus
from server.rewards.prizes.schemas import ReasonIn
from server.rewards.prizes.workflow import HOLDING, WINS
from server.unions.actor import Actor, RoleAt
from server.unions.roles import Level, Role
from tests.integration.prizes.conftest import VALUE, Giving
from tests.integration.review.test_review_races import at_once
from tests.support.backends import Scaled
from tests.support.callers import Answer, Desk, InProcess
from tests.support.world import Someone, World, make_person

pytestmark = [pytest.mark.servers, pytest.mark.slow("people act at the same moment, through whole requests")]
Act = Callable[[], Answer]


@pytest.fixture
def backend(scaled: Scaled) -> Iterator[Scaled]:
    """PostgreSQL only: SQLite lets one writer in at a time."""
    yield scaled
    scaled.clean()


@pytest.fixture
def crowd(giving: Giving) -> list[UUID]:
    """Forty more people, the best first, who all finished."""
    with giving.database.transaction() as session:
        people = [make_person(session, f"职工{number}").id for number in range(40)]
    giving.contest.ranking[:] = giving.contest.finishers[:] = people
    return people


@pytest.fixture
def poster(app: Flask, giving: Giving) -> Callable[..., Act]:
    """A form at a browser of its own, ready: only the sending is left."""

    def ready(path: str, who: Someone | None = None, **fields: str) -> Act:
        desk = Desk(InProcess(app)).sign_in(who or giving.who)
        sent = {"csrf_token": desk.form_token, **fields}
        return lambda: desk.transport.send("POST", f"/console{path}", fields=sent)

    return ready


def attempt(giving: Giving, move: PoolMove, win_id: UUID, *, actor: Actor | None) -> Act:
    """A move in a transaction of its own, its refusal as a status."""

    def run() -> Answer:
        try:
            with giving.database.transaction() as session:
                perform(WINS, session, win_id, move, actor=actor, now=clock.now(), form=ReasonIn(reason="作弊"))
        except AppError as refusal:
            return Answer(refusal.status, b"", {})
        return Answer(200, b"", {})

    return run


def worker(person_id: UUID) -> Actor:
    return Actor(person_id, None, person_id, None, (), is_worker=True)


def statuses(answers: list[Answer]) -> list[int]:
    return sorted(answer.status for answer in answers)


def check_stock(giving: Giving, pool_id: UUID) -> None:
    """What is held and what is left make up the stock, prize by prize; nobody holds two."""
    with giving.database.reading() as session:
        for prize in session.scalars(select(Prize).where(Prize.pool_id == pool_id)):
            held = select(func.count()).where(PrizeWin.prize_id == prize.id, PrizeWin.status.in_(HOLDING))
            assert prize.remaining + (session.scalar(held) or 0) == prize.quantity
        holders = select(PrizeWin.person_id).where(PrizeWin.pool_id == pool_id, PrizeWin.status.in_(HOLDING))
        people = session.scalars(holders).all()
        assert len(people) == len(set(people))


def test_prizes_by_ranking_are_awarded_once(giving: Giving, crowd: list[UUID], poster: Callable[..., Act]) -> None:
    pool_id = giving.pool(("水杯", "ranking", 10), runners_up="30")
    giving.close()
    acts = [poster(f"/prizes/{pool_id}/ranking") for _ in range(4)]
    assert statuses(at_once(*acts)) == [303, 409, 409, 409]
    assert len(giving.wins(pool_id)) == len(crowd)
    check_stock(giving, pool_id)


def test_all_refuse_at_once_and_each_prize_finds_the_next(giving: Giving, crowd: list[UUID]) -> None:
    pool_id = giving.pool(("水杯", "ranking", 12), runners_up="28")
    giving.close()
    giving.send(f"/prizes/{pool_id}/ranking")
    offered = giving.wins(pool_id, WinStatus.OFFERED)
    acts = [attempt(giving, PoolMove.REFUSE, win.id, actor=worker(win.person_id)) for win in offered]
    assert statuses(at_once(*acts)) == [200] * 12
    assert [win.place for win in giving.wins(pool_id, WinStatus.OFFERED)] == list(range(13, 25))
    check_stock(giving, pool_id)


def test_an_offer_that_is_accepted_refused_revoked_and_runs_out_at_once_ends_one_way(
    giving: Giving, crowd: list[UUID], world: World
) -> None:
    pool_id = giving.pool(("水杯", "ranking", 6), runners_up="20")
    giving.close()
    giving.send(f"/prizes/{pool_id}/ranking")
    offered = giving.wins(pool_id, WinStatus.OFFERED)
    city = Actor(
        giving.who.id, None, giving.who.id, None, (RoleAt(Role.CITY_REVIEWER, world.unions.city, Level.CITY, ""),)
    )
    for win in offered:
        mine = worker(win.person_id)
        at_once(
            attempt(giving, PoolMove.ACCEPT, win.id, actor=mine),
            attempt(giving, PoolMove.REFUSE, win.id, actor=mine),
            attempt(giving, PoolMove.REVOKE, win.id, actor=city),
            attempt(giving, PoolMove.EXPIRE, win.id, actor=None),
        )
        check_stock(giving, pool_id)


def test_nobody_is_given_a_prize_twice(giving: Giving, poster: Callable[..., Act]) -> None:
    pool_id = giving.pool(("水杯", "ranking", 1))
    giving.close()
    giving.send(f"/prizes/{pool_id}/ranking")
    (win,) = giving.wins(pool_id, WinStatus.OFFERED)
    attempt(giving, PoolMove.ACCEPT, win.id, actor=worker(win.person_id))()
    giving.go_to("2026-12-02T17:00Z")
    path = f"/prizes/wins/{win.id}/handover"
    acts = [poster(path, proof="signature", note=f"签收单 {number}") for number in range(4)]
    assert statuses(at_once(*acts)) == [303, 409, 409, 409]
    with giving.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PrizeHandover)) == 1


def test_a_draw_is_drawn_once_and_its_list_frozen_once(
    giving: Giving, crowd: list[UUID], poster: Callable[..., Act], context: JobContext
) -> None:
    pool_id = giving.pool(("手表", "ranking", 3), ("水杯", "draw", 5), runners_up="10")
    draw_id = giving.promised(pool_id)
    giving.close()

    def by_the_clock() -> Answer:
        freeze_lists(context)
        return Answer(200, b"", {})

    answers = at_once(poster(f"/draws/{draw_id}/freeze"), by_the_clock, poster(f"/draws/{draw_id}/freeze"))
    assert statuses(answers)[-1] == 409
    with giving.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(DrawEntry)) == len(crowd) - 3
    giving.go_to("2026-12-03T14:00Z")
    both = [poster(f"/draws/{draw_id}/value", who, value=VALUE) for who in (giving.who, giving.other)]
    assert statuses(at_once(*both)) == [303, 409]
    entered = giving.draw(draw_id).entered_by_id
    other = giving.other if entered == giving.who.id else giving.who
    acts = [poster(f"/draws/{draw_id}/value/confirm", other, value=VALUE) for _ in range(3)]
    assert statuses(at_once(*acts)) == [303, 409, 409]
    assert len([win for win in giving.wins(pool_id) if win.way == "draw"]) == 15
    check_stock(giving, pool_id)


def test_a_pool_gets_one_draw(giving: Giving, poster: Callable[..., Act]) -> None:
    pool_id = giving.pool(("水杯", "draw", 5))
    sent = {"name": "抽奖", "source": "双色球第 2026140 期", "due_on": "2026-12-03", "fallback_source": "上证指数收盘"}
    sent |= {"fallback_on": "2026-12-10", "value_form": "ssq", "fallback_form": "index"}
    acts = [poster(f"/prizes/{pool_id}/draw", **sent) for _ in range(3)]
    assert statuses(at_once(*acts)) == [303, 409, 409]
