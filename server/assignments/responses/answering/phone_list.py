"""The list of tasks as the phone reads it, by pages."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from server.assignments.responses.listing import BY_DUE, DONE, LATEST_FIRST, OPEN, SUBMITTED, TASKS, Row, TaskFilter
from server.assignments.responses.schemas import TaskLine, TaskPage
from server.kit.keyset import page_statement, parts_of, turn_page
from server.kit.listing import Request, parts_within, scopes_for
from server.unions.actor import Actor

PAGE = 50


def list_tasks(
    session: Session, officer: Actor, *, state: Literal["open", "done"], after: str | None, now: datetime
) -> TaskPage:
    """What is up to the officer's unions by due date, or else all the rest, the latest first. Raises Invalid for a
    foreign cursor."""
    asked = Request(session, officer, TaskFilter(), now)
    order, pieces = (BY_DUE, OPEN) if state == "open" else (LATEST_FIRST, (*SUBMITTED, *DONE))
    key = order.parse(after) if after is not None else None
    parts = parts_of(parts_within(TASKS, scopes_for(TASKS, asked)), pieces)
    found = session.execute(page_statement(TASKS.source, parts, order, limit=PAGE + 1, key=key)).all()
    turn = turn_page(found, order, PAGE, key=key, back=False)
    return TaskPage(items=[_line(row) for row in TASKS.describe(asked, turn.rows)], next=turn.after)


def _line(row: Row) -> TaskLine:
    return TaskLine(
        id=row.id, number=row.number, kind=row.kind, kind_label=row.kind_label, title=row.title, sender=row.sender,
        unit=row.unit, due_on=row.due_on, is_overdue=row.is_overdue, status=row.status, status_text=row.status_text,
        remark=row.remark,
    )  # fmt: skip
