"""A deadline in working days that can stand still. Pure.

It is kept in the columns `due_at` and `rest_days` of the row that owes something; while it stands still, `rest_days`
are what was left of it. What only ends some day, and never waits for anybody, needs `due_after` alone.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from server.kit.deadlines.calendar.working_days import days_left, due_after


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when something is owed. Each step returns another one; `store` writes it into its row."""

    due_at: datetime
    rest_days: int | None = None

    @classmethod
    def of(cls, row: Any) -> Self:
        """As it stands in its row."""
        return cls(row.due_at, row.rest_days)

    def store(self, row: Any) -> None:
        """Write it into its row."""
        row.due_at, row.rest_days = self.due_at, self.rest_days

    @classmethod
    def start(cls, now: datetime, working_days: int) -> Self:
        """`working_days` from the day after `now`."""
        return cls(due_after(now, working_days))

    def pause(self, now: datetime) -> Self:
        """Stand still, with the working days that are left; 0 of them on its day and after it."""
        return type(self)(self.due_at, days_left(now, self.due_at))

    def resume(self, now: datetime) -> Self:
        """Go on with what was left, with one working day at least."""
        return type(self).start(now, max(self.rest_days or 0, 1))

    def extend(self, now: datetime, working_days: int) -> Self:
        """`working_days` more, so that one is left at least; whether it stands still does not change."""
        return type(self)(due_after(self.due_at, working_days), self.rest_days).leave_a_day(now)

    def leave_a_day(self, now: datetime) -> Self:
        """No earlier than the end of the next working day: for who gets it late."""
        return type(self)(max(self.due_at, due_after(now, 1)), self.rest_days)
