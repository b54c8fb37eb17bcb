"""A kind of item that colleagues give each other, as its slice declares it (`shared_items` in slice.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.core.slice import Todo, count_todos
from server.kit.teamwork.models import Assignee
from server.unions.actor import Actor, Placed


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item that the actor may see: where in the tree it lies, what it is called, who sent it up (None: nobody)."""

    placed: Placed
    what: str
    reporter_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedItem:
    """`subject` as the audit log calls it, `path` of its pages without the id. `find` raises NotFound for what the
    actor may not see."""

    subject: str
    path: str
    find: Callable[[Session, UUID, Actor], FoundItem]


def given_to(subject: str, column: Any, person_id: UUID) -> ColumnElement[bool]:
    """Whether the item whose id stands in `column` was given to the person: the filter 给我的 of a list."""
    mine = select(Assignee.subject_id).where(Assignee.assignee_id == person_id, Assignee.subject == subject)
    condition: ColumnElement[bool] = column.in_(mine)
    return condition


def todo_of(
    subject: str, path: str, words: str, row_id: InstrumentedAttribute[UUID], is_open: ColumnElement[bool]
) -> Todo:
    """What was given to somebody and is still open, as something that waits for them."""

    def count(session: Session, actor: Actor, _now: datetime) -> int:
        mine = select(Assignee.id).join(row_id.class_, row_id == Assignee.subject_id)
        return count_todos(
            session, mine.where(Assignee.assignee_id == actor.person_id, Assignee.subject == subject, is_open)
        )

    return Todo(f"given_{subject}", path, words, count, Assignee.__table__)
