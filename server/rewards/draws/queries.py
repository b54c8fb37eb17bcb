"""Reads of draws: what everybody sees, what an entrant sees, the console's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.kit.published import HIDDEN_NAME
from server.kit.workflow import offers
from server.rewards.contests import Doubt, find_contest, has_finished, list_doubts
from server.rewards.draws.models import Draw, DrawEntry, DrawMove, DrawPlace, DrawStatus, DrawStep
from server.rewards.draws.schemas import DrawDetail, DrawOut, DrawPrize, DrawsOut, MyEntry, Winner
from server.rewards.draws.texts import STATUS_WORDS
from server.rewards.draws.workflow import DRAWS
from server.rewards.prizes.actions import list_prizes
from server.rewards.prizes.models import Prize, PrizePool, Way
from server.rewards.prizes.pools.log import owns
from server.rewards.prizes.publishing import may_complain
from server.rewards.prizes.queries import get_pool
from server.unions.actor import Actor
from server.unions.people.models import Person

SHOWN = 20


@dataclass(frozen=True, slots=True)
class PublicDraw:
    """A draw as everybody sees it."""

    draw: Draw
    winners: list[Winner]
    cancelled: str
    waived: int  # people on the list whose play nobody had judged
    waiver: str
    position: int | None  # of the hash that was asked for


@dataclass(frozen=True, slots=True)
class DrawPage:
    """Everything on the console's page of a pool's draw. `draw` is None while none is promised."""

    pool: PrizePool
    draw: Draw | None
    closes_at: datetime | None
    prizes: Sequence[Prize]
    is_owner: bool
    moves: frozenset[StrEnum]
    entered_by: str
    is_second: bool
    doubts: Sequence[Doubt]  # about people who would be on the list
    steps: Sequence[tuple[DrawStep, str]]


def is_promised(session: Session, contest_id: UUID) -> bool:
    """Whether a draw rests on the contest, so that nothing about it may be changed any more."""
    live = select(Draw.id).where(Draw.contest_id == contest_id, Draw.status != DrawStatus.CANCELLED)
    return session.scalar(live.limit(1)) is not None


def list_draws(session: Session, contest_id: UUID | None, person_id: UUID) -> DrawsOut:
    """Draws of a contest, or of all, the newest first."""
    statement = select(Draw).where(Draw.status != DrawStatus.CANCELLED).order_by(Draw.id.desc()).limit(SHOWN)
    if contest_id is not None:
        statement = statement.where(Draw.contest_id == contest_id)
    return DrawsOut(items=[DrawOut(**_out(session, draw, person_id)) for draw in session.scalars(statement)])


def get_draw(session: Session, draw_id: UUID, person_id: UUID) -> DrawDetail:
    """A draw, with one's own entry. Raises NotFound."""
    draw = session.get(Draw, draw_id)
    if draw is None:
        raise NotFound
    entry = _entry(session, draw, person_id)
    is_drawn = draw.status is DrawStatus.DRAWN
    return DrawDetail(
        **_out(session, draw, person_id),
        pool_id=draw.pool_id,
        may_complain=is_drawn and may_complain(session.get_one(PrizePool, draw.pool_id)),
        my_entry=MyEntry(person_id=person_id, salt=entry.salt, hash=entry.hash, position=entry.position)
        if entry is not None
        else None,
        entrants=draw.entrants,
        entrants_hash=draw.entrants_hash,
        seed=draw.seed if is_drawn else None,
        public_value=draw.value if is_drawn else None,
        is_fallback=draw.is_fallback,
        drawn_at=draw.drawn_at,
        winners=_winners(session, draw),
        file_url=f"/draws/{draw.id}/file",
    )


def _out(session: Session, draw: Draw, person_id: UUID) -> dict[str, Any]:
    is_entered = (
        has_finished(session, draw.contest_id, person_id)
        if draw.frozen_at is None
        else _entry(session, draw, person_id) is not None
    )
    return {
        "id": draw.id,
        "name": draw.name,
        "status": draw.status,
        "status_text": STATUS_WORDS[draw.status],
        "seed_hash": draw.seed_hash,
        "terms_hash": draw.terms_hash,
        "public_value_source": draw.source,
        "public_value_due_on": draw.due_on,
        "fallback_source": draw.fallback_source,
        "fallback_due_on": draw.fallback_on,
        "closes_at": draw.closes_at,
        "is_entered": is_entered,
        "prizes": [DrawPrize(**prize, picture=None) for prize in draw.terms["prizes"]],
    }


def _entry(session: Session, draw: Draw, person_id: UUID) -> DrawEntry | None:
    return session.scalar(select(DrawEntry).where(DrawEntry.draw_id == draw.id, DrawEntry.person_id == person_id))


def _winners(session: Session, draw: Draw) -> list[Winner]:
    statement = (
        select(DrawPlace.place, DrawEntry.label, DrawPlace.prize)
        .join(DrawEntry, (DrawEntry.draw_id == DrawPlace.draw_id) & (DrawEntry.position == DrawPlace.position))
        .where(DrawPlace.draw_id == draw.id, DrawPlace.prize.is_not(None))
        .order_by(DrawPlace.place)
    )
    is_hidden = session.get_one(PrizePool, draw.pool_id).names_hidden_at is not None
    return [
        Winner(place=row.place, label=HIDDEN_NAME if is_hidden else row.label, prize=row.prize or "")
        for row in session.execute(statement)
    ]


def describe_publicly(session: Session, draw_id: UUID, hash_: str) -> PublicDraw:
    """A draw for everybody, and where `hash_` stands in its list. Raises NotFound."""
    draw = session.get(Draw, draw_id)
    if draw is None:
        raise NotFound
    said = select(DrawStep).where(DrawStep.draw_id == draw.id, DrawStep.move.in_((DrawMove.CANCEL, DrawMove.FREEZE)))
    steps = {step.move: step for step in session.scalars(said)}
    frozen = steps.get(DrawMove.FREEZE)
    found = select(DrawEntry.position).where(DrawEntry.draw_id == draw.id, DrawEntry.hash == hash_)
    return PublicDraw(
        draw=draw,
        winners=_winners(session, draw),
        cancelled=steps[DrawMove.CANCEL].text if DrawMove.CANCEL in steps else "",
        waived=len(frozen.data.get("waived", ())) if frozen is not None else 0,
        waiver=frozen.text if frozen is not None else "",
        position=session.scalar(found) if hash_ else None,
    )


def describe_draw(session: Session, pool_id: UUID, actor: Actor, now: datetime) -> DrawPage:
    """The console's page of a pool's draw. Raises NotFound."""
    pool = get_pool(session, pool_id, actor)
    draw = session.scalar(select(Draw).where(Draw.pool_id == pool.id, Draw.status != DrawStatus.CANCELLED))
    contest = find_contest(session, pool.contest_id)
    is_second = draw is not None and draw.entered_by_id is not None and not actor.is_own(draw.entered_by_id)
    entered_by = session.get(Person, draw.entered_by_id) if draw is not None and draw.entered_by_id else None
    return DrawPage(
        pool=pool,
        draw=draw,
        closes_at=contest.closes_at if contest else None,
        prizes=list_prizes(session, pool.id, Way.DRAW),
        is_owner=owns(actor, pool.union_id),
        moves=_moves(session, draw, actor, now) if draw is not None else frozenset(),
        entered_by=(entered_by.name or "未填姓名") if entered_by else "",
        is_second=is_second,
        doubts=_doubts(session, draw),
        steps=_steps(session, pool_id),
    )


def _doubts(session: Session, draw: Draw | None) -> Sequence[Doubt]:
    if draw is None or draw.status is not DrawStatus.COMMITTED:
        return ()
    return [doubt for doubt in list_doubts(session, draw.contest_id) if doubt.has_finished]


def _moves(session: Session, draw: Draw, actor: Actor, now: datetime) -> frozenset[StrEnum]:
    return frozenset(move.name for move in offers(DRAWS, session, draw, actor=actor, now=now))


def _steps(session: Session, pool_id: UUID) -> Sequence[tuple[DrawStep, str]]:
    """The log of the pool's draws, cancelled ones too."""
    statement = (
        select(DrawStep, Person.name)
        .join(Draw, Draw.id == DrawStep.draw_id)
        .outerjoin(Person, Person.id == DrawStep.actor_id)
        .where(Draw.pool_id == pool_id)
        .order_by(DrawStep.id.desc())
    )
    return [(step, name or "系统") for step, name in session.execute(statement)]
