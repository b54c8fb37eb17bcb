"""Writes before anybody wins: pools, prizes; and how places become wins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.errors import Conflict, Forbidden, NotFound
from server.notifications.inbox.actions import deliver
from server.rewards.contests import check_doubts, check_settled, get_contest, iter_ranking
from server.rewards.prizes.messages import offered
from server.rewards.prizes.models import PoolMove, Prize, PrizePool, PrizeWin, Way, WinStatus
from server.rewards.prizes.pools.log import append_step, lock_own_pool, lock_pool, owns
from server.rewards.prizes.schemas import PoolIn, PrizeIn
from server.rewards.prizes.workflow import find_holders, promote_next, reserve_prize
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place, in the order of the ranking or of the draw; with the prize it brings, or a runner-up's."""

    person_id: UUID
    prize_id: UUID | None


def create_pool(session: Session, form: PoolIn, *, actor: Actor, now: datetime) -> PrizePool:
    """A pool of a contest of the actor's city. Raises NotFound, Forbidden."""
    contest = get_contest(session, form.contest_id)
    city_id = campaign_facts(session, contest.campaign_id).city_id
    if not owns(actor, city_id):
        raise Forbidden
    pool = PrizePool(
        id=ids.new_id(),
        union_id=city_id,
        contest_name=contest.name,
        created_by_id=actor.person_id,
        created_at=now,
        **form.model_dump(),
    )
    session.add(pool)
    detail = form.model_dump(mode="json")
    append_step(session, pool.id, PoolMove.CREATE, actor_id=actor.person_id, now=now, data=detail)
    return pool


def add_prize(session: Session, pool_id: UUID, form: PrizeIn, *, actor: Actor, now: datetime) -> Prize:
    """One more prize, after the others. Raises NotFound, Forbidden, Conflict (the pool stands)."""
    pool = _open_pool(session, pool_id, actor)
    last = session.scalar(select(func.max(Prize.position)).where(Prize.pool_id == pool.id)) or 0
    prize = Prize(
        id=ids.new_id(), pool_id=pool.id, position=last + 1, remaining=form.quantity, **form.model_dump()
    )  # fmt: skip
    session.add(prize)
    detail = {"prize_id": str(prize.id), **form.model_dump(mode="json")}
    append_step(session, pool.id, PoolMove.ADD_PRIZE, actor_id=actor.person_id, now=now, data=detail)
    return prize


def remove_prize(session: Session, prize_id: UUID, *, actor: Actor, now: datetime) -> UUID:
    """Take a prize out of its pool, whose id is returned. Raises NotFound, Forbidden, Conflict (the pool stands)."""
    prize = session.get(Prize, prize_id)
    if prize is None:
        raise NotFound
    pool = _open_pool(session, prize.pool_id, actor)
    session.delete(prize)
    data = {"prize_id": str(prize_id), "name": prize.name}
    append_step(session, pool.id, PoolMove.REMOVE_PRIZE, actor_id=actor.person_id, now=now, data=data)
    return pool.id


def _open_pool(session: Session, pool_id: UUID, actor: Actor) -> PrizePool:
    pool = lock_own_pool(session, pool_id, actor)
    if pool.locked_at is not None:
        raise Conflict("抽奖已经公布或者已经评出，奖品不能再改。", code="pool_stands")
    return pool


def lock_prizes(session: Session, pool: PrizePool, *, actor_id: UUID | None, now: datetime) -> None:
    """From now on the pool's prizes stand. The pool is held by the caller."""
    if pool.locked_at is None:
        pool.locked_at = now
        session.flush()
        append_step(session, pool.id, PoolMove.LOCK, actor_id=actor_id, now=now)


def list_prizes(session: Session, pool_id: UUID, way: Way | None = None) -> Sequence[Prize]:
    """The pool's prizes, or those won in one way, the best first."""
    statement = select(Prize).where(Prize.pool_id == pool_id)
    if way is not None:
        statement = statement.where(Prize.way == way)
    return session.scalars(statement.order_by(Prize.position)).all()


def spread(prizes: Sequence[Prize]) -> list[UUID]:
    """The prizes one by one, the best first."""
    return [prize.id for prize in prizes for _ in range(prize.quantity)]


def award_ranking(session: Session, pool_id: UUID, *, actor: Actor | None, now: datetime, waiver: str = "") -> None:
    """Give the prizes by ranking to the best, once, after the close; no actor: the system. `waiver`: why somebody whose
    play nobody has judged may be among them. Raises Conflict."""
    pool = lock_own_pool(session, pool_id, actor) if actor is not None else lock_pool(session, pool_id)
    if pool.ranked_at is not None:
        raise Conflict("按名次的奖品已经评出。", code="awarded_already")
    check_settled(session, pool.contest_id, now=now)
    wanted = spread(list_prizes(session, pool.id, Way.RANKING))
    if not wanted:
        raise Conflict("没有按名次的奖品。", code="no_prizes")
    limit = len(wanted) + pool.runners_up
    people = [ranked.person_id for ranked in iter_ranking(session, pool.contest_id, limit)]
    padded = [*wanted, *[None] * pool.runners_up]
    places = [Place(person_id, prize_id) for person_id, prize_id in zip(people, padded, strict=False)]
    waived = check_doubts(session, pool.contest_id, set(people), waiver, now=now)
    award_places(
        session, pool, Way.RANKING, places, actor_id=actor.person_id if actor else None, now=now,
        waived=waived, waiver=waiver,
    )  # fmt: skip
    pool.ranked_at = now
    session.flush()


def award_places(
    session: Session, pool: PrizePool, way: Way, places: Sequence[Place], *, actor_id: UUID | None, now: datetime,
    waived: Sequence[UUID] = (), waiver: str = "",
) -> None:  # fmt: skip
    """Make wins of places, in their order. Who holds a prize already is skipped where the pool gives one each; what
    they leave goes to the runners-up. The pool is held by the caller, who calls this once per way."""
    lock_prizes(session, pool, actor_id=actor_id, now=now)
    holders = find_holders(session, pool) if pool.one_each else set()
    wins = [_place(session, pool, way, number, place, holders, now) for number, place in enumerate(places, 1)]
    data: dict[str, Any] = {"way": way, "places": len(places)}
    if waived:
        data["waived"] = [str(person_id) for person_id in waived]
    append_step(
        session, pool.id, PoolMove.AWARD, actor_id=actor_id, now=now, text=waiver if waived else "", data=data
    )  # fmt: skip
    for win, place in zip(wins, places, strict=True):
        if win.status is WinStatus.SKIPPED and place.prize_id is not None:
            promote_next(session, pool, way, place.prize_id, now=now)


def _place(
    session: Session, pool: PrizePool, way: Way, number: int, place: Place, holders: set[UUID], now: datetime
) -> PrizeWin:
    """The win of a place: the prize it brings is offered at once, unless the person holds another."""
    win = PrizeWin(
        id=ids.new_id(), pool_id=pool.id, way=way, place=number, person_id=place.person_id,
        status=WinStatus.RESERVE if place.prize_id is None
        else WinStatus.SKIPPED if place.person_id in holders
        else WinStatus.OFFERED,
    )  # fmt: skip
    if win.status is WinStatus.SKIPPED:
        win.ended_at = now
    if win.status is WinStatus.OFFERED:
        reserve_prize(win, session.get_one(Prize, place.prize_id), pool, now)
    session.add(win)
    session.flush()
    if win.status is WinStatus.OFFERED:
        deliver(session, offered(session, win), now=now)
    return win
