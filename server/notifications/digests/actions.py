"""Writes of the daily digest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import Insert, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from server.core import clock
from server.core.messages import Message, PersonalMessage
from server.notifications.digests.models import DailyDigest
from server.notifications.digests.queries import LATE, QUEUED, TODAY, count, count_others, lines_of
from server.notifications.inbox.actions import deliver
from server.review.rectification.listing import RECHECKS
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment, WechatIdentity
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Union

BATCH = 50  # people looked up at once

_TABLE = cast(Table, DailyDigest.__table__)
_KEY = ["person_id", "day"]
_INSERTS: dict[str, Insert] = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(index_elements=_KEY),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(index_elements=_KEY),
}


def day_of(now: datetime, hour: int) -> date | None:
    """The day whose digests are due: today in China from `hour` on, None before."""
    there = clock.in_shanghai(now)
    return there.date() if there.hour >= hour else None


def list_reviewers_without(session: Session, day: date) -> Sequence[UUID]:
    """Some of the active reviewers who have no digest of that day yet."""
    told = select(DailyDigest.person_id).where(DailyDigest.person_id == Person.id, DailyDigest.day == day)
    held = (
        select(RoleAssignment.id)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(RoleAssignment.person_id == Person.id, RoleAssignment.role.in_(REVIEWERS), Union.is_active.is_(True))
    )
    statement = (
        select(Person.id)
        .where(Person.is_active.is_(True), held.exists(), ~told.exists())
        .order_by(Person.id)
        .limit(BATCH)
    )
    return session.scalars(statement).all()


def write_digest(session: Session, person_id: UUID, day: date, *, now: datetime) -> bool:
    """Write the digest of a day for one reviewer, who gets it in the inbox too. False: there was one already."""
    actor = _actor_of(session, person_id)
    others = count_others(session, actor, now)
    row = {
        "person_id": person_id,
        "day": day,
        "waiting": count(session, actor, QUEUED, now),
        "overdue": count(session, actor, LATE, now),
        "due_today": count(session, actor, TODAY, now),
        "rectifications": others.pop(RECHECKS.name, 0),  # has a column of its own
        "others": others,
        "created_at": now,
    }
    written = session.execute(_INSERTS[session.get_bind().dialect.name].returning(_TABLE.c.day), row).first()
    if written is None:
        return False
    digest = DailyDigest(**row)
    has_inbox = select(WechatIdentity.id).where(WechatIdentity.person_id == person_id).limit(1)
    if digest.waiting + digest.rectifications + sum(digest.others.values()) and session.scalar(has_inbox) is not None:
        message = Message("今天的审核待办", f"{digest_words(digest)}请在电脑上打开审核台处理。")
        key = f"digest:{day.isoformat()}:{person_id.hex}"
        deliver(session, PersonalMessage(person_id=person_id, key=key, message=message), now=now)
    return True


def digest_words(digest: DailyDigest) -> str:
    """The numbers of a day in one sentence, for the console and the inbox."""
    parts = [f"{digest.waiting} 条待受理"]
    if digest.overdue:
        parts.append(f"其中 {digest.overdue} 条已逾期")
    if digest.due_today:
        parts.append(f"{digest.due_today} 条今天到期")
    if digest.rectifications:
        parts.append(f"{digest.rectifications} 条整改等复查")
    return "，".join([*parts, *(line.words for line in lines_of(digest.others))]) + "。"


def _actor_of(session: Session, person_id: UUID) -> Actor:
    roles = session.execute(
        select(RoleAssignment.role, Union.id, Union.level, Union.name)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(RoleAssignment.person_id == person_id, RoleAssignment.role.in_(REVIEWERS), Union.is_active.is_(True))
    )
    return Actor(person_id, None, person_id, None, tuple(RoleAt(*row) for row in roles))
