"""Reads of prizes: the console's pages, one's own wins, the public list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.slice import count_todos
from server.kit.published import HIDDEN_NAME
from server.kit.workflow import offers
from server.rewards.contests import Doubt, find_contest, iter_ranking, list_doubts
from server.rewards.prizes.actions import list_prizes
from server.rewards.prizes.models import PoolMove, Prize, PrizeHandover, PrizePool, PrizeStep, PrizeWin, Way, WinStatus
from server.rewards.prizes.permissions import PERMISSIONS
from server.rewards.prizes.pools.log import owns
from server.rewards.prizes.schemas import WinOut, WinsOut
from server.rewards.prizes.texts import STATUS_WORDS
from server.rewards.prizes.workflow import HOLDING, WINS
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.people.rules import shorten_name
from server.unions.tree.models import Union

GROUPS = {
    "offered": (WinStatus.OFFERED,),
    "accepted": (WinStatus.ACCEPTED,),
    "handed_over": (WinStatus.HANDED_OVER,),
    "reserve": (WinStatus.RESERVE,),
    "ended": (WinStatus.REFUSED, WinStatus.EXPIRED, WinStatus.REVOKED, WinStatus.SKIPPED),
}
MINE_SHOWN = 50
WINS_SHOWN = 300  # on the page of a pool; the list of wins has all


@dataclass(frozen=True, slots=True)
class PoolLine:
    """A pool in the list; `closes_at` is None if its contest is gone."""

    pool: PrizePool
    closes_at: datetime | None
    stock: int
    left: int


@dataclass(frozen=True, slots=True)
class WinLine:
    """A win as the console shows it."""

    win: PrizeWin
    name: str
    enterprise_name: str
    prize_name: str
    handover: PrizeHandover | None
    moves: frozenset[StrEnum]  # that the actor could make


@dataclass(frozen=True, slots=True)
class PoolPage:
    """Everything on the page of a pool."""

    pool: PrizePool
    closes_at: datetime | None
    is_owner: bool
    prizes: Sequence[Prize]
    wins: list[WinLine]
    counts: dict[str, int]
    steps: Sequence[tuple[PrizeStep, str]]
    doubts: Sequence[Doubt]  # about people who would get a place by ranking

    def has(self, way: str) -> bool:
        """Whether prizes are won in that way."""
        return any(prize.way == way for prize in self.prizes)


@dataclass(frozen=True, slots=True)
class PublicWin:
    """A line of the public list."""

    place: int
    label: str
    enterprise_name: str
    status_text: str


def seen_by(actor: Actor) -> list[UUID]:
    """The unions whose pools the actor may see."""
    return [role_at.union_id for role_at in actor.roles]


def _is_owed(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """Whether a winner of the pool waits for a prize that may be handed over, by one of the actor's own unions."""
    owed = select(PrizeWin.id).where(
        PrizeWin.pool_id == PrizePool.id, PrizeWin.status == WinStatus.ACCEPTED, PrizeWin.notice_until < now
    )
    return and_(PrizePool.union_id.in_([role_at.union_id for role_at in actor.reviewing]), owed.exists())


def count_owed(session: Session, actor: Actor, now: datetime) -> int:
    """How many pools have prizes to hand over, TODO_CAP at most."""
    if not actor.holds(*PERMISSIONS["prize.manage"]):
        return 0
    return count_todos(session, select(PrizePool.id).where(_is_owed(actor, now)))


def list_pools(session: Session, actor: Actor, now: datetime, *, owed: bool = False) -> list[PoolLine]:
    """Pools of the actor's unions, the newest first; `owed`: those with prizes to hand over."""
    statement = (
        select(PrizePool, func.coalesce(func.sum(Prize.quantity), 0), func.coalesce(func.sum(Prize.remaining), 0))
        .outerjoin(Prize, Prize.pool_id == PrizePool.id)
        .where(PrizePool.union_id.in_(seen_by(actor)), *([_is_owed(actor, now)] if owed else []))
        .group_by(PrizePool.id)
        .order_by(PrizePool.id.desc())
    )
    return [PoolLine(pool, _close(session, pool), stock, left) for pool, stock, left in session.execute(statement)]


def _close(session: Session, pool: PrizePool) -> datetime | None:
    contest = find_contest(session, pool.contest_id)
    return contest.closes_at if contest is not None else None


def is_ranked(session: Session, contest_id: UUID) -> bool:
    """Whether prizes by ranking of the contest were given, so that nothing about it may be changed any more."""
    given = select(PrizePool.id).where(PrizePool.contest_id == contest_id, PrizePool.ranked_at.is_not(None))
    return session.scalar(given.limit(1)) is not None


def get_pool(session: Session, pool_id: UUID, actor: Actor) -> PrizePool:
    """A pool of the actor's unions. Raises NotFound."""
    pool = session.get(PrizePool, pool_id)
    if pool is None or pool.union_id not in seen_by(actor):
        raise NotFound
    return pool


def describe_pool(
    session: Session, pool_id: UUID, actor: Actor, now: datetime, group: str = "", *, limit: int | None = None
) -> PoolPage:
    """The page of a pool, with the wins of a group or all, the first `limit` of them. Raises NotFound."""
    pool = get_pool(session, pool_id, actor)
    by_status = select(PrizeWin.status, func.count()).where(PrizeWin.pool_id == pool.id).group_by(PrizeWin.status)
    numbers = {row[0]: row[1] for row in session.execute(by_status)}
    steps = select(PrizeStep, Person.name).outerjoin(Person, Person.id == PrizeStep.actor_id)
    rows = session.execute(steps.where(PrizeStep.pool_id == pool.id).order_by(PrizeStep.id.desc()).limit(100))
    hidden = (PoolMove.ACCEPT, PoolMove.REFUSE)  # workers' moves: the list of wins tells whose
    return PoolPage(
        pool=pool,
        closes_at=_close(session, pool),
        is_owner=owns(actor, pool.union_id),
        prizes=list_prizes(session, pool.id),
        wins=_wins(session, pool, GROUPS.get(group), limit, actor, now),
        counts={key: sum(numbers.get(status, 0) for status in statuses) for key, statuses in GROUPS.items()},
        steps=[(step, "职工" if step.move in hidden else name or "系统") for step, name in rows],
        doubts=_doubts(session, pool),
    )


def _doubts(session: Session, pool: PrizePool) -> Sequence[Doubt]:
    places = sum(prize.quantity for prize in list_prizes(session, pool.id, Way.RANKING))
    if pool.ranked_at is not None or not places:
        return ()
    ranked = {each.person_id for each in iter_ranking(session, pool.contest_id, places + pool.runners_up)}
    return [doubt for doubt in list_doubts(session, pool.contest_id) if doubt.person_id in ranked]


def _wins(
    session: Session,
    pool: PrizePool,
    statuses: tuple[WinStatus, ...] | None,
    limit: int | None,
    actor: Actor,
    now: datetime,
) -> list[WinLine]:
    statement = LINES.where(PrizeWin.pool_id == pool.id).order_by(PrizeWin.way.desc(), PrizeWin.place).limit(limit)
    if statuses is not None:
        statement = statement.where(PrizeWin.status.in_(statuses))
    return [_line(row, _moves(session, row.PrizeWin, actor, now)) for row in session.execute(statement)]


LINES = (
    select(
        PrizeWin, Person.name.label("person"), Union.name.label("union_name"), Prize.name.label("prize"), PrizeHandover
    )
    .join(Person, Person.id == PrizeWin.person_id)
    .outerjoin(Union, Union.id == Person.enterprise_id)
    .outerjoin(Prize, Prize.id == PrizeWin.prize_id)
    .outerjoin(PrizeHandover, PrizeHandover.win_id == PrizeWin.id)
)


def _line(row: Any, moves: frozenset[StrEnum]) -> WinLine:
    return WinLine(
        row.PrizeWin, row.person or "未填姓名", row.union_name or "", row.prize or "", row.PrizeHandover, moves
    )


def map_lines(session: Session, wins: Collection[UUID]) -> dict[UUID, WinLine]:
    """These wins as the console shows them, without what could be done to each. One statement."""
    rows = session.execute(LINES.where(PrizeWin.id.in_(wins)))
    return {row.PrizeWin.id: _line(row, frozenset()) for row in rows}


def _moves(session: Session, win: PrizeWin, actor: Actor, now: datetime) -> frozenset[StrEnum]:
    return frozenset(move.name for move in offers(WINS, session, win, actor=actor, now=now))


def list_public(session: Session, pool_id: UUID) -> tuple[PrizePool, str, list[tuple[Prize, list[PublicWin]]]]:
    """The pool, whose it is, and by prize who holds one now. Raises NotFound while nothing has been awarded."""
    pool = session.get(PrizePool, pool_id)
    if pool is None or (pool.ranked_at is None and pool.drawn_at is None):
        raise NotFound
    statement = (
        select(PrizeWin, Person.name, Union.name)
        .join(Person, Person.id == PrizeWin.person_id)
        .outerjoin(Union, Union.id == Person.enterprise_id)
        .where(PrizeWin.pool_id == pool.id, PrizeWin.status.in_(HOLDING))
        .order_by(PrizeWin.place)
    )
    rows = session.execute(statement).all()
    by_prize = [
        (prize, [_public(pool, *row) for row in rows if row[0].prize_id == prize.id])
        for prize in list_prizes(session, pool.id)
        if (pool.ranked_at if prize.way is Way.RANKING else pool.drawn_at) is not None
    ]
    return pool, session.get_one(Union, pool.union_id).name, by_prize


def list_run_out(session: Session, now: datetime, limit: int = 500) -> list[UUID]:
    """Offers whose time has run out."""
    statement = select(PrizeWin.id).where(PrizeWin.status == WinStatus.OFFERED, PrizeWin.claim_until < now)
    return list(session.scalars(statement.order_by(PrizeWin.claim_until, PrizeWin.id).limit(limit)))


def _public(pool: PrizePool, win: PrizeWin, person: str | None, union: str | None) -> PublicWin:
    if pool.names_hidden_at is not None:
        return PublicWin(win.place, HIDDEN_NAME, "—", STATUS_WORDS[win.status])
    return PublicWin(win.place, shorten_name(person), union or "—", STATUS_WORDS[win.status])


def list_wins(session: Session, person_id: UUID) -> WinsOut:
    """One's own prizes. Runners-up learn of their place when a prize comes free."""
    rows = session.execute(_mine(person_id).order_by(PrizeWin.offered_at.desc(), PrizeWin.id.desc()).limit(MINE_SHOWN))
    return WinsOut(items=[_win_out(*row) for row in rows])


def get_win(session: Session, win_id: UUID, person_id: UUID) -> WinOut:
    """One of one's own prizes. Raises NotFound."""
    row = session.execute(_mine(person_id).where(PrizeWin.id == win_id)).one_or_none()
    if row is None:
        raise NotFound
    return _win_out(*row)


def _mine(person_id: UUID) -> Select[PrizeWin, str, str, datetime]:
    return (
        select(PrizeWin, Prize.name, PrizePool.contest_name, PrizeHandover.at)
        .join(Prize, Prize.id == PrizeWin.prize_id)
        .join(PrizePool, PrizePool.id == PrizeWin.pool_id)
        .outerjoin(PrizeHandover, PrizeHandover.win_id == PrizeWin.id)
        .where(PrizeWin.person_id == person_id)
    )


def _win_out(win: PrizeWin, prize_name: str, contest_name: str, handed_over_at: datetime | None) -> WinOut:
    return WinOut(
        id=win.id,
        prize_name=prize_name,
        contest_name=contest_name,
        way=win.way,
        status=win.status,
        status_text=STATUS_WORDS[win.status],
        claim_until=win.claim_until if win.status is WinStatus.OFFERED else None,
        hand_over_code=win.code if win.status is WinStatus.ACCEPTED else None,
        handed_over_at=handed_over_at,
    )
