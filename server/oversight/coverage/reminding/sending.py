"""Reminding enterprises: one message for all that is left, once a day at most, whoever asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Table, select
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.db import upsert
from server.kit.selections import Decided
from server.notifications.inbox.actions import deliver
from server.oversight.coverage.listing import has_gaps
from server.oversight.coverage.messages import reminder
from server.oversight.coverage.models import CoverageFact, CoverageReminder
from server.oversight.coverage.permissions import MAY_LEAD
from server.oversight.coverage.queries import Period
from server.unions.actor import Actor, in_scope
from server.unions.people.queries import reviewers_of
from server.unions.tree.models import Union

REMINDERS = cast(Table, CoverageReminder.__table__)


def remind(session: Session, period: Period, enterprise_ids: Sequence[UUID], *, actor: Actor, now: datetime) -> Decided:
    """Remind those of these enterprises where somebody is left; the others are passed over."""
    facts = session.scalars(
        select(CoverageFact)
        .where(
            CoverageFact.period_id == period.id, CoverageFact.enterprise_id.in_(enterprise_ids), has_gaps(),
            in_scope(actor, CoverageFact, MAY_LEAD),
        )
        .order_by(CoverageFact.enterprise_id)
    ).all()  # fmt: skip
    reviewers = reviewers_of(session, [fact.enterprise_id for fact in facts])
    unions = {role.union_id for role in actor.roles}
    sender = session.scalar(select(Union.name).where(Union.id.in_(unions)).limit(1)) or ""
    made: list[UUID] = []
    refusals = ["没有要提醒的"] * (len(enterprise_ids) - len(facts))
    for fact in facts:
        people = reviewers.get(fact.enterprise_id, ())
        if not people:
            refusals.append("企业还没有审核员，请打电话")
        elif not _claim(session, fact.enterprise_id, actor, now):
            refusals.append("今天已经提醒过")
        else:
            deliver(session, reminder(fact, period.name, sender, people, day_of(now)), now=now)
            made.append(fact.enterprise_id)
    if made:
        record(
            session, "coverage.reminded", subject_type="coverage_period", subject_id=period.id,
            actor_id=actor.person_id, at=now, detail={"enterprises": len(made)},
        )  # fmt: skip
    return Decided(made, refusals)


def _claim(session: Session, enterprise_id: UUID, actor: Actor, now: datetime) -> bool:
    """Whether nobody reminded it today: of two who ask at the same time, one does."""
    insert = upsert(REMINDERS)
    values = {"enterprise_id": enterprise_id, "reminded_on": day_of(now), "reminded_by_id": actor.person_id}
    statement = insert.values(**values).on_conflict_do_update(
        index_elements=[REMINDERS.c.enterprise_id],
        set_={name: insert.excluded[name] for name in ("reminded_on", "reminded_by_id")},
        where=REMINDERS.c.reminded_on < insert.excluded.reminded_on,
    )
    done = session.execute(statement.execution_options(preserve_rowcount=True))
    return bool(cast(CursorResult[Any], done).rowcount)
