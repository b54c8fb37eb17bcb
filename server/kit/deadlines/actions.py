"""Writes of deadlines: counting them anew when the calendar of another year comes (decision 47)."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any, cast

from sqlalchemy import Row, Table, func, insert, select, update
from sqlalchemy.orm import Session

from server.core.audit.actions import new_entry
from server.core.audit.models import AuditEntry
from server.core.clock import SHANGHAI
from server.core.slice import RecountedDeadline, declared
from server.kit.deadlines.calendar.working_days import is_announced, recount
from server.kit.deadlines.models import CalendarYear

FIRST_FOLLOWED = 2027
"""The first year whose calendar came after deadlines were followed; those before were known from the beginning."""


def adopt_calendars(session: Session, now: datetime) -> int:
    """Count running deadlines anew for the years that have become known since the last time; returns how many moved.

    A year is adopted once, in the transaction that moves its deadlines: run again, nothing is left to do.
    """
    years = _years_to_adopt(session)
    if not years:
        return 0
    # The key decides between two workers: the second waits here, and fails without having moved anything.
    session.add_all(CalendarYear(year=year, adopted_at=now) for year in years)
    session.flush()
    return sum(_recount_running(session, deadline, years, now) for deadline in declared().deadlines)


def _years_to_adopt(session: Session) -> list[int]:
    year = (session.scalar(select(func.max(CalendarYear.year))) or FIRST_FOLLOWED - 1) + 1
    years = []
    while is_announced(year):
        years.append(year)
        year += 1
    return years


def _recount_running(session: Session, deadline: RecountedDeadline, years: Collection[int], now: datetime) -> int:
    """Move the deadline of every row where it runs and lies in the years or behind them, with a row in the log each."""
    column, table = deadline.column, cast(Any, deadline.column.class_)
    begins = datetime.combine(date(min(years), 1, 1), time(), SHANGHAI)
    statement = (
        select(table.id, deadline.subject_id.label("subject_id"), column, *deadline.also)
        .where(deadline.is_running, column > now, column >= begins)
        .order_by(table.id)
        .with_for_update()
    )
    moved: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    for row in session.execute(statement).all():
        values = {each.key: recount(getattr(row, each.key), now, years) for each in (column, *deadline.also)}
        if any(values[name] != getattr(row, name) for name in values):
            moved.append({"id": row.id, **values})
            entries.append(_entry(deadline, row, values[column.key], years, now))
    if moved:
        session.execute(update(table), moved)
        session.execute(insert(cast(Table, AuditEntry.__table__)), entries)
    return len(moved)


def _entry(
    deadline: RecountedDeadline, row: Row[Any], due_at: datetime, years: Collection[int], now: datetime
) -> dict[str, Any]:
    detail = {
        "deadline": deadline.title,
        "former_due_at": getattr(row, deadline.column.key).isoformat(),
        "due_at": due_at.isoformat(),
        "years": "、".join(map(str, years)),
    }
    _, entry = new_entry(
        "deadline.recount", subject_type=deadline.subject_type, subject_id=row.subject_id, actor_id=None, at=now,
        detail=detail,
    )  # fmt: skip
    return dict(entry)
