"""What the wings below ask of tasks."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.responses.listing import TODOS
from server.core import clock
from server.unions.actor import Actor
from server.unions.people.ports import OPEN_TASKS
from server.unions.scans.queries import as_reviewer


def count_open_tasks(session: Session, person_id: UUID) -> int | None:
    """How many tasks are up to the unions for which that person's phone answers; None if it answers for none."""
    officer = as_reviewer(session, Actor(person_id, None, person_id, None))
    return TODOS[0].count(session, officer, clock.now()) if officer.roles else None


def subscribe_events() -> None:
    """Tell the people slice how many tasks wait."""
    OPEN_TASKS.plug(count_open_tasks)
