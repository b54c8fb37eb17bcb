"""Promising a draw, and which ones are due. Everything that happens to it later is a move of its workflow."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of
from server.core.errors import Conflict, Invalid
from server.kit.draws.algorithm import FORMAT, hash_seed, hash_terms
from server.kit.draws.spelling import VALUE_FORMS, terms_of
from server.kit.workflow import StepData, begin
from server.rewards.contests import Contest, hold_contest
from server.rewards.draws.models import Draw, DrawStatus
from server.rewards.draws.schemas import DrawIn
from server.rewards.draws.workflow import DRAWS
from server.rewards.prizes.actions import list_prizes, lock_prizes
from server.rewards.prizes.models import Prize, PrizePool, Way
from server.rewards.prizes.pools.log import lock_own_pool
from server.unions.actor import Actor


def commit_draw(session: Session, pool_id: UUID, form: DrawIn, *, actor: Actor, now: datetime) -> Draw:
    """Promise a draw: fix its prizes and the public value to come, publish the hash of a fresh seed.

    Raises NotFound, Forbidden, Conflict (after the close, no prizes, promised already), Invalid (value too early).
    """
    pool = lock_own_pool(session, pool_id, actor)
    contest = hold_contest(session, pool.contest_id)
    prizes = list_prizes(session, pool.id, Way.DRAW)
    if now >= contest.closes_at:
        raise Conflict("竞赛已经结束，抽奖要在结束前公布。", code="too_late")
    if not prizes:
        raise Conflict("还没有用来抽奖的奖品，请先加上。", code="no_prizes")
    live = select(Draw.id).where(Draw.pool_id == pool.id, Draw.status != DrawStatus.CANCELLED)
    if session.scalar(live) is not None:
        raise Conflict("这个奖品池已经公布过抽奖。", code="committed_already")
    if form.due_on <= day_of(contest.closes_at):
        raise Invalid("公开数值要在竞赛结束的第二天或以后才公布。", fields={"due_on": "要晚于竞赛结束那天"})
    lock_prizes(session, pool, actor_id=actor.person_id, now=now)
    draw = _promise(pool, contest, form, list(prizes), now)
    said = StepData(data={"terms_hash": draw.terms_hash, "seed_hash": draw.seed_hash})
    return begin(DRAWS, session, draw, actor=actor, now=now, said=said)


def _promise(pool: PrizePool, contest: Contest, form: DrawIn, prizes: list[Prize], now: datetime) -> Draw:
    draw_id, seed, salt_key = ids.new_id(), secrets.token_hex(32), secrets.token_hex(32)
    terms = {
        "format": FORMAT,
        "draw_id": str(draw_id),
        "name": form.name,
        "contest": contest.name,
        "closes_at": contest.closes_at.isoformat(),
        "prizes": [{"name": prize.name, "quantity": prize.quantity} for prize in prizes],
        "runners_up": pool.runners_up,
        "winners_by_ranking_excluded": pool.one_each,
        "public_value_source": form.source,
        "public_value_form": terms_of(VALUE_FORMS[form.value_form]),
        "public_value_due_on": form.due_on.isoformat(),
        "fallback_source": form.fallback_source,
        "fallback_form": terms_of(VALUE_FORMS[form.fallback_form]),
        "fallback_due_on": form.fallback_on.isoformat(),
        "seed_hash": hash_seed(seed),
        "salt_key_hash": hashlib.sha256(bytes.fromhex(salt_key)).hexdigest(),
    }
    return Draw(
        id=draw_id,
        pool_id=pool.id,
        union_id=pool.union_id,
        contest_id=contest.id,
        status=DrawStatus.COMMITTED,
        terms=terms,
        terms_hash=hash_terms(terms),
        seed=seed,
        seed_hash=hash_seed(seed),
        salt_key=salt_key,
        closes_at=contest.closes_at,
        committed_at=now,
        **form.model_dump(exclude={"value_form", "fallback_form"}),
    )


def list_due(session: Session, now: datetime) -> list[tuple[UUID, UUID]]:
    """(draw, contest) where the contest has closed and the list is not frozen yet."""
    statement = select(Draw.id, Draw.contest_id).where(
        Draw.status == DrawStatus.COMMITTED, Draw.closes_at <= now, Draw.fallback_on > day_of(now)
    )
    return [(row.id, row.contest_id) for row in session.execute(statement.order_by(Draw.closes_at))]
