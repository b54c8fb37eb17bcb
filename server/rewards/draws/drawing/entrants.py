"""The list of a draw: whoever finished, under hashes that tell nothing about people; fixed after the close."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.errors import AppError, Conflict
from server.kit.draws.algorithm import hash_entrant, hash_entrants, salt_of
from server.kit.workflow import MoveContext, StepData
from server.rewards.contests import Entrant, check_doubts, check_settled, iter_finishers
from server.rewards.draws.models import Draw, DrawEntry
from server.rewards.prizes.actions import award_ranking, list_prizes
from server.rewards.prizes.models import PrizePool, PrizeWin, Way
from server.rewards.prizes.workflow import HOLDING
from server.unions.people.selves.queries import other_selves

Context = MoveContext[Draw]
CHUNK = 2000  # rows per INSERT


def refuse_freezing(context: Context) -> AppError | None:
    draw, now = context.row, context.now
    if now < draw.closes_at:
        return Conflict("竞赛还没有结束，名单不能定下。", code="too_early")
    try:
        check_settled(context.session, draw.contest_id, now=now)
    except Conflict as refusal:
        return refusal
    if day_of(now) >= draw.fallback_on:
        return Conflict("约定的公开数值都已经公布，名单不能再定。请取消后重新公布抽奖。", code="too_late")
    return None


def freeze(context: Context) -> StepData:
    """Where nobody may win twice, prizes by ranking are given first and their winners left out."""
    session, draw = context.session, context.row
    waiver = context.form.waiver if context.form is not None else ""
    excluded = _winners_by_ranking(session, draw.pool_id, waiver, context.now)
    rows = _entries(draw, {each.person_id: each for each in iter_finishers(session, draw.contest_id)}, excluded)
    waived = check_doubts(session, draw.contest_id, {row["person_id"] for row in rows}, waiver, now=context.now)
    for start in range(0, len(rows), CHUNK):
        session.execute(insert(cast(Table, DrawEntry.__table__)), rows[start : start + CHUNK])
    draw.frozen_at, draw.entrants = context.now, len(rows)
    draw.entrants_hash = hash_entrants([row["hash"] for row in rows])
    data: dict[str, Any] = {"entrants": draw.entrants, "entrants_hash": draw.entrants_hash}
    if waived:
        data["waived"] = [str(person_id) for person_id in waived]
    return StepData(waiver if waived else "", data=data)


def _winners_by_ranking(session: Session, pool_id: UUID, waiver: str, now: datetime) -> set[UUID]:
    pool = session.get_one(PrizePool, pool_id)
    if not pool.one_each:
        return set()
    if pool.ranked_at is None and list_prizes(session, pool.id, Way.RANKING):
        award_ranking(session, pool.id, actor=None, now=now, waiver=waiver)
    holding = select(PrizeWin.person_id).where(PrizeWin.pool_id == pool.id, PrizeWin.status.in_(HOLDING))
    winners = set(session.scalars(holding))
    return winners.union(*other_selves(session, winners).values())


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
