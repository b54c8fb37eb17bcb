"""What a phone shows of training."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import and_, or_
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.web import cursors
from server.kit.scope import Names, name_of, union_names
from server.oversight.training import queries, texts
from server.oversight.training.models import Attendance, SessionStatus, TrainingSession
from server.oversight.training.ports import WITH_EXAM
from server.oversight.training.schemas import RecordItem, RecordOut, SessionOut, SessionsOut
from server.unions.actor import Actor

MOST_SHOWN, PAGE = 50, 30
OVER = (SessionStatus.INCOMPLETE, SessionStatus.IN_REVIEW, SessionStatus.RETURNED)
"""How far its papers are is not the worker's concern."""


def list_asked(session: Session, actor: Actor, now: datetime, shown_after: timedelta) -> SessionsOut:
    """What their enterprise is asked to and is not long over."""
    rows = queries.asked_of(session, actor.enterprise_id, now - shown_after, MOST_SHOWN)
    own = queries.own_attendances(session, list(actor.own_ids), [row.id for row in rows])
    names = union_names(session, {row.organiser_id for row in rows})
    tested = _with_exam(session, [row.id for row in rows])
    return SessionsOut(items=[_describe(row, own.get(row.id), names, row.id in tested, now) for row in rows])


def get_asked(session: Session, session_id: UUID, actor: Actor, now: datetime) -> SessionOut:
    """One that they are asked to, or were at. Raises NotFound for others."""
    found = queries.find_asked(session, session_id, actor)
    if found is None:
        raise NotFound
    row, own = found
    tested = _with_exam(session, [row.id])
    return _describe(row, own, union_names(session, {row.organiser_id}), row.id in tested, now)


def _with_exam(session: Session, session_ids: Sequence[UUID]) -> set[UUID]:
    return {each for ask in WITH_EXAM.answers for each in ask(session, session_ids)}


def _describe(row: TrainingSession, own: Attendance | None, names: Names, has_exam: bool, now: datetime) -> SessionOut:
    is_live = row.status is SessionStatus.RUNNING
    return SessionOut(
        id=row.id, kind_name=texts.KIND_NAMES[row.kind], title=row.title,
        organiser=name_of(names, row.organiser_id) or "", venue=row.venue, starts_at=row.starts_at,
        ends_at=row.ends_at, hours=row.hours, trainer=row.trainer,
        status_text="已结束" if row.status in OVER else texts.STATUS_NAMES[row.status],
        check_in_open=is_live and row.check_in_from <= now <= row.check_in_until,
        check_out_open=is_live and row.check_out_from <= now <= row.check_out_until,
        checked_in_at=own.checked_in_at if own is not None and not own.is_struck else None,
        checked_out_at=own.checked_out_at if own is not None and not own.is_struck else None,
        is_counted=own is not None and own.is_counted, has_exam=has_exam,
        has_point=row.latitude is not None, note=_note(own, has_exam),
    )  # fmt: skip


def _note(own: Attendance | None, has_exam: bool) -> str:
    if own is None:
        return ""
    if own.is_struck:
        return "培训人登记你没有到场。有疑问请找培训人。"
    if own.confirmed_by is not None:
        return ""
    others = "测验合格或者培训人核实" if has_exam else "培训人核实"
    return f"还没有签退。没法签退的，{others}也算。"


def list_record(session: Session, actor: Actor, after: str | None, now: datetime) -> RecordOut:
    """A page of what they were at, by key: day and id."""
    own, statement = list(actor.own_ids), queries.record_of(list(actor.own_ids))
    if after is not None:
        ordinal, last = cursors.decode(after, int, UUID)
        day = date.fromordinal(min(max(cast(int, ordinal), 1), date.max.toordinal()))
        statement = statement.where(
            or_(Attendance.held_on < day, and_(Attendance.held_on == day, Attendance.id < last))
        )
    ordered = statement.order_by(Attendance.held_on.desc(), Attendance.id.desc()).limit(PAGE + 1)
    rows = [(row[0], row[1]) for row in session.execute(ordered)]
    last_row = rows[PAGE - 1][0] if len(rows) > PAGE else None
    return RecordOut(
        items=_items(rows[:PAGE]),
        next=cursors.encode(last_row.held_on.toordinal(), last_row.id) if last_row is not None else None,
        hours_this_year=queries.hours_of_year(session, own, now),
    )


def _items(rows: Sequence[tuple[Attendance, TrainingSession]]) -> list[RecordItem]:
    return [
        RecordItem(
            id=row.id, title=row.title, kind_name=texts.KIND_NAMES[row.kind], held_on=each.held_on, hours=row.hours,
            is_counted=each.is_counted,
            state_text=f"已计入（{texts.CONFIRMED_NAMES[each.confirmed_by]}）" if each.is_counted and each.confirmed_by
            else "等核实",
        )
        for each, row in rows
    ]  # fmt: skip
