"""Background work on drills: counting when each enterprise has to rehearse next."""

import time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import clock
from server.core.jobs.pace import Pace
from server.core.jobs.registry import JobContext, job, periodic
from server.oversight.drills.due.counting import count_some
from server.unions.roles import Level
from server.unions.tree.models import Union

FIRST, BATCH = 50, 500  # enterprises of one transaction: of the first, and at most
COUNT_ALL, COUNT_SOME, FOLLOW = "drills.count_all_dues", "drills.count_dues", "drills.follow_union"


@job(COUNT_SOME, "推算应演练日期")
def count_dues(ctx: JobContext, union_id: UUID) -> None:
    """Of one enterprise, and of each of its plans."""
    with ctx.database.transaction() as session:
        count_some(session, [union_id], clock.now())


@job(COUNT_ALL, "推算所有企业的应演练日期")
def count_all_dues(ctx: JobContext) -> None:
    """Of all of them, in small transactions."""
    _count_all(ctx)


@periodic("drills.count_daily", "每天推算应演练日期", seconds=86_400)
def count_daily(ctx: JobContext) -> None:
    """Enterprises come and go, rules begin and end."""
    _count_all(ctx)


def _count_all(ctx: JobContext) -> None:
    pace, last = Pace(FIRST, BATCH), None
    while True:
        with ctx.database.reading() as session:
            some = _next_some(session, last, pace.size)
        if not some:
            return
        began = time.monotonic()
        with ctx.database.transaction() as session:
            count_some(session, some, clock.now())
        pace.note(time.monotonic() - began)
        last = some[-1]


def _next_some(session: Session, after: UUID | None, size: int) -> list[UUID]:
    those = select(Union.id).where(Union.level == Level.ENTERPRISE)
    those = those if after is None else those.where(Union.id > after)
    return list(session.scalars(those.order_by(Union.id).limit(size)))
