"""Writes of the daily digest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.orm import Session

from server.core import clock
from server.core.db import upsert
from server.core.messages import Message, PersonalMessage, WechatNotice
from server.kit.occasions import Occasion
from server.notifications.digests.models import DailyDigest
from server.notifications.digests.queries import LATE, QUEUED, TODAY, count, count_others, lines_of
from server.notifications.inbox.actions import deliver, take_into_digest
from server.notifications.subscribe.queries import list_phones
from server.review.rectification.listing import RECHECKS
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS
from server.unions.tree.models import Union

UNREAD = "unread"  # beside the kinds of what waits
BATCH = 50  # people looked up at once

_TABLE = cast(Table, DailyDigest.__table__)
_INSERT = upsert(_TABLE).on_conflict_do_nothing(index_elements=["person_id", "day"]).returning(_TABLE.c.day)


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
    written = session.execute(_INSERT, row).first()
    if written is None:
        return False
    if unread := take_into_digest(session, person_id, day):
        row["others"] = {**others, UNREAD: unread}
        session.execute(update(DailyDigest).where(*_of(person_id, day)).values(others=row["others"]))
    digest = DailyDigest(**row)
    waits = digest.waiting + digest.rectifications + sum(digest.others.values())
    if waits and list_phones(session, person_id):
        told = PersonalMessage(
            person_id=person_id,
            key=f"digest:{day.isoformat()}:{person_id.hex}",
            message=Message("今天的审核待办", f"{digest_words(digest)}请在电脑上打开审核台处理。"),
            by_wechat=WechatNotice("digest.written", Occasion.DESK, "有待办"),
        )
        deliver(session, told, now=now)
    return True


def _of(person_id: UUID, day: date) -> tuple[ColumnElement[bool], ...]:
    return DailyDigest.person_id == person_id, DailyDigest.day == day


def digest_words(digest: DailyDigest) -> str:
    """The numbers of a day in one sentence, for the console and the inbox."""
    parts = [f"{digest.waiting} 条待受理"]
    if digest.overdue:
        parts.append(f"其中 {digest.overdue} 条已逾期")
    if digest.due_today:
        parts.append(f"{digest.due_today} 条今天到期")
    if digest.rectifications:
        parts.append(f"{digest.rectifications} 条整改等复查")
    parts += [line.words for line in lines_of(digest.others)]
    if unread := digest.others.get(UNREAD):
        parts.append(f"{unread} 条新消息没看过")
    return "，".join(parts) + "。"


def _actor_of(session: Session, person_id: UUID) -> Actor:
    roles = session.execute(
        select(RoleAssignment.role, Union.id, Union.level, Union.name)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(RoleAssignment.person_id == person_id, RoleAssignment.role.in_(REVIEWERS), Union.is_active.is_(True))
    )
    return Actor(person_id, None, person_id, None, tuple(RoleAt(*row) for row in roles))
