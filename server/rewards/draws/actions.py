"""Writes of draws: what is promised, the frozen list, the public value, the winners."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import in_shanghai
from server.core.errors import Conflict, Forbidden, Invalid
from server.rewards.contests import Contest, Entrant, check_doubts, check_settled, hold_contest, iter_finishers
from server.rewards.draws.algorithm import (
    FORMAT,
    draw_positions,
    hash_entrant,
    hash_entrants,
    hash_seed,
    hash_terms,
    random_words,
    salt_of,
)
from server.rewards.draws.log import append_step, check_move, lock_draw
from server.rewards.draws.models import Draw, DrawEntry, DrawMove, DrawPlace, DrawStatus
from server.rewards.draws.schemas import ConfirmIn, DrawIn, ValueIn
from server.rewards.draws.values import VALUE_FORMS, is_written_right, terms_of
from server.rewards.prizes.actions import Place, award_places, award_ranking, list_prizes, lock_prizes, spread
from server.rewards.prizes.log import lock_own_pool
from server.rewards.prizes.models import Prize, PrizePool, PrizeWin, Way
from server.rewards.prizes.transitions import HOLDING
from server.unions.actor import Actor

CHUNK = 2000  # rows per INSERT


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
    session.add(draw)
    data = {"terms_hash": draw.terms_hash, "seed_hash": draw.seed_hash}
    append_step(session, draw, DrawMove.COMMIT, DrawStatus.COMMITTED, actor_id=actor.person_id, now=now, data=data)
    return draw


def day_of(moment: datetime) -> date:
    """The day in Shanghai."""
    return in_shanghai(moment).date()


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


def cancel_draw(session: Session, draw_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Call a draw off before the close, for everybody to see; later only one that can never be frozen. Raises NotFound,
    Forbidden, Conflict."""
    _, draw = lock_draw(session, draw_id)
    edge = check_move(draw, DrawMove.CANCEL, actor)
    if now >= draw.closes_at and day_of(now) < draw.fallback_on:
        raise Conflict("竞赛已经结束，抽奖不能再取消。", code="too_late")
    append_step(session, draw, DrawMove.CANCEL, edge.after, actor_id=actor.person_id, now=now, text=reason)


def list_due(session: Session, now: datetime) -> list[UUID]:
    """Draws whose contest has closed and whose list is not frozen yet."""
    statement = select(Draw.id).where(
        Draw.status == DrawStatus.COMMITTED, Draw.closes_at <= now, Draw.fallback_on > day_of(now)
    )
    return list(session.scalars(statement.order_by(Draw.closes_at)))


def freeze_draw(session: Session, draw_id: UUID, *, actor: Actor | None, now: datetime, waiver: str = "") -> None:
    """Fix the list of entrants. Where nobody may win twice, prizes by ranking are given first and their winners left
    out. `waiver`: why people whose play nobody has judged may stay on it. Raises NotFound, Forbidden, Conflict (before
    the close, after both public values, unjudged)."""
    pool, draw = lock_draw(session, draw_id)
    edge = check_move(draw, DrawMove.FREEZE, actor)
    if now < draw.closes_at:
        raise Conflict("竞赛还没有结束，名单不能定下。", code="too_early")
    check_settled(session, draw.contest_id, now=now)
    if day_of(now) >= draw.fallback_on:
        raise Conflict("约定的公开数值都已经公布，名单不能再定。请取消后重新公布抽奖。", code="too_late")
    excluded = _winners_by_ranking(session, pool, waiver, now) if pool.one_each else set()
    rows = _entries(draw, {each.person_id: each for each in iter_finishers(session, draw.contest_id)}, excluded)
    waived = check_doubts(session, draw.contest_id, {row["person_id"] for row in rows}, waiver)
    draw.frozen_at, draw.entrants = now, len(rows)
    draw.entrants_hash = hash_entrants([row["hash"] for row in rows])
    data: dict[str, Any] = {"entrants": draw.entrants, "entrants_hash": draw.entrants_hash}
    if waived:
        data["waived"] = [str(person_id) for person_id in waived]
    append_step(
        session, draw, DrawMove.FREEZE, edge.after, actor_id=actor.person_id if actor is not None else None, now=now,
        text=waiver if waived else "", data=data,
    )  # fmt: skip
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(cast(Table, DrawEntry.__table__)), rows[start : start + CHUNK])


def _winners_by_ranking(session: Session, pool: PrizePool, waiver: str, now: datetime) -> set[UUID]:
    if pool.ranked_at is None and list_prizes(session, pool.id, Way.RANKING):
        award_ranking(session, pool.id, actor=None, now=now, waiver=waiver)
    holding = select(PrizeWin.person_id).where(PrizeWin.pool_id == pool.id, PrizeWin.status.in_(HOLDING))
    return set(session.scalars(holding))


def _entries(draw: Draw, people: dict[UUID, Entrant], excluded: set[UUID]) -> list[dict[str, Any]]:
    """The list: in the order of the hashes, which tells nothing about people."""
    rows: list[dict[str, Any]] = []
    for person_id, entrant in people.items():
        if person_id not in excluded:
            salt = salt_of(draw.salt_key, person_id)
            known = {"draw_id": draw.id, "person_id": person_id, "label": entrant.label[:60], "salt": salt}
            rows.append({**known, "hash": hash_entrant(salt, person_id)})
    rows.sort(key=lambda row: str(row["hash"]))
    for position, row in enumerate(rows, 1):
        row["position"] = position
    return rows


def uses_fallback(draw: Draw) -> bool:
    """Whether the fallback counts, and nothing else: the list was fixed too late for the first value, or two people
    declared in time that it had not come. Whoever sees both values has no choice left."""
    return draw.missing_at is not None or (draw.frozen_at is not None and day_of(draw.frozen_at) >= draw.due_on)


def value_form(draw: Draw) -> dict[str, Any] | None:
    """How the value that counts is written; None if the draw was promised before that was part of the promise."""
    written: dict[str, Any] | None = draw.terms.get("fallback_form" if uses_fallback(draw) else "public_value_form")
    return written


def declare_missing(session: Session, draw_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Say that the first value was not published on its day. The second person to say so lets the fallback count.

    Only until the fallback is out: later somebody could compare both. Raises NotFound, Forbidden (the same person),
    Conflict (too early, too late, settled already)."""
    _, draw = lock_draw(session, draw_id)
    edge = check_move(draw, DrawMove.DECLARE_MISSING, actor)
    if uses_fallback(draw):
        raise Conflict("已经改用备用数值。", code="declared_already")
    if day_of(now) <= draw.due_on:
        raise Conflict("公布那天还没有过完，再等等。", code="too_early")
    if day_of(now) >= draw.fallback_on:
        raise Conflict("备用数值已经公布，不能再改用它：只能用第一个数值。", code="too_late")
    if draw.missing_said_by_id == actor.person_id:
        raise Forbidden("您已经声明过，请另一位审核员核实后也声明。", code="second_person_needed")
    if draw.missing_said_by_id is None:
        draw.missing_said_by_id = actor.person_id
    else:
        draw.missing_at = now
    data = {"by_both": draw.missing_at is not None}
    append_step(session, draw, DrawMove.DECLARE_MISSING, edge.after, actor_id=actor.person_id, now=now, data=data)


def enter_value(session: Session, draw_id: UUID, form: ValueIn, *, actor: Actor, now: datetime) -> None:
    """Enter the public value once it is out: the only one that counts, in the spelling that was promised.

    Raises NotFound, Forbidden, Conflict (too early), Invalid (spelt otherwise)."""
    _, draw = lock_draw(session, draw_id)
    edge = check_move(draw, DrawMove.ENTER_VALUE, actor)
    is_fallback = uses_fallback(draw)
    if day_of(now) < (draw.fallback_on if is_fallback else draw.due_on):
        raise Conflict("约定的日期还没有到，公开数值还没有公布。", code="too_early")
    written = value_form(draw)
    if written is not None and not is_written_right(written, form.value):
        raise Invalid(
            f"写法和约定的不一样。{written['name']}，如 {written['example']}。", code="value_misspelt",
            fields={"value": f"请写成这样：{written['example']}"},
        )  # fmt: skip
    draw.value, draw.is_fallback, draw.entered_by_id = form.value, is_fallback, actor.person_id
    if not is_fallback:
        draw.missing_said_by_id = None  # here it is
    data = {"value": form.value, "is_fallback": is_fallback}
    append_step(session, draw, DrawMove.ENTER_VALUE, edge.after, actor_id=actor.person_id, now=now, data=data)


def reject_value(session: Session, draw_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a wrong value back, to be entered again. Raises NotFound, Forbidden, Conflict."""
    _, draw = lock_draw(session, draw_id)
    edge = check_move(draw, DrawMove.REJECT_VALUE, actor)
    data = {"value": draw.value}
    draw.value, draw.is_fallback, draw.entered_by_id = None, False, None
    append_step(
        session, draw, DrawMove.REJECT_VALUE, edge.after, actor_id=actor.person_id, now=now, text=reason, data=data
    )


def confirm_value(session: Session, draw_id: UUID, form: ConfirmIn, *, actor: Actor, now: datetime) -> None:
    """A second person read the same value: the seed is revealed, the places follow, the prizes are offered.

    Raises NotFound, Forbidden (the same person), Conflict, Invalid (another value)."""
    pool, draw = lock_draw(session, draw_id)
    edge = check_move(draw, DrawMove.CONFIRM_VALUE, actor)
    if form.value != draw.value:
        raise Invalid("和录入的数值不一样，请对照公告再看。", code="values_differ", fields={"value": "和录入的不一样"})
    wanted = spread(list_prizes(session, pool.id, Way.DRAW))
    words = random_words(draw.seed, draw.value, draw.terms_hash, draw.entrants_hash or "")
    positions = draw_positions(draw.entrants or 0, len(wanted) + pool.runners_up, words)
    draw.confirmed_by_id, draw.drawn_at, pool.drawn_at = actor.person_id, now, now
    data = {"seed": draw.seed, "places": len(positions)}
    append_step(session, draw, DrawMove.CONFIRM_VALUE, edge.after, actor_id=actor.person_id, now=now, data=data)
    places = _places(session, draw, positions, [*wanted, *[None] * pool.runners_up])
    award_places(session, pool, Way.DRAW, places, actor_id=actor.person_id, now=now)


def _places(session: Session, draw: Draw, positions: list[int], wanted: list[UUID | None]) -> list[Place]:
    entries = select(DrawEntry.position, DrawEntry.person_id).where(DrawEntry.draw_id == draw.id)
    people: dict[int, UUID] = {}
    for start in range(0, len(positions), CHUNK):
        some = entries.where(DrawEntry.position.in_(positions[start : start + CHUNK]))
        people |= {row.position: row.person_id for row in session.execute(some)}
    names = {prize.id: prize.name for prize in list_prizes(session, draw.pool_id)}
    places = []
    for number, (position, prize_id) in enumerate(zip(positions, wanted, strict=False), 1):
        prize = names[prize_id] if prize_id is not None else None
        session.add(DrawPlace(draw_id=draw.id, place=number, position=position, prize=prize))
        places.append(Place(people[position], prize_id))
    session.flush()
    return places
