"""Calling off what has come to a result, or may have: whoever knows it must not be able to throw it away alone and
begin anew. One asks and says why; another, of the same union or of one above, agrees or lets it stand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base
from server.core.errors import AppError, Conflict
from server.kit.two_people import by_another
from server.kit.workflow import Guard, MoveContext, StepData

R = TypeVar("R", bound=Base)


class CancelAskedColumns:
    """Who asked, when and why: while nobody has agreed, and after. Mix it into a model, with `asked_as_a_whole`."""

    cancel_asked_reason: Mapped[str | None] = mapped_column(Text)
    cancel_asked_at: Mapped[datetime | None]
    cancel_asked_by_id: Mapped[UUID | None] = mapped_column(Uuid(), ForeignKey("people.id"))


def asked_as_a_whole() -> CheckConstraint:
    """All of it or nothing."""
    return CheckConstraint(
        "(cancel_asked_by_id IS NULL) = (cancel_asked_at IS NULL)"
        " AND (cancel_asked_by_id IS NULL) = (cancel_asked_reason IS NULL)",
        name="cancel_asked_as_a_whole",
    )


def _never(_context: MoveContext[Any]) -> AppError | None:
    return None


@dataclass(frozen=True, slots=True)
class CallingOff(Generic[R]):
    """The guards of its three moves: ask, let it stand, call off.

    `takes_two`: whether the result is known, or may be. `alone` judges who calls off where it does not take two,
    `begun` what is past calling off. `word` is what the slice calls it (作废, 取消), `early` why one is enough.
    """

    takes_two: Callable[[MoveContext[R]], bool]
    alone: Guard[R]
    word: str
    early: str
    begun: Guard[R] = _never

    def refuse_asking(self, context: MoveContext[R]) -> AppError | None:
        """Once, and only where it takes two."""
        row: Any = context.row
        if row.cancel_asked_at is not None:
            return Conflict(f"已经申请过{self.word}，等另一位来定。", code="asked_already")
        if not self.takes_two(context):
            return Conflict(f"{self.early}，直接{self.word}就行。", code="one_is_enough")
        return self.begun(context)

    def refuse_unasked(self, context: MoveContext[R]) -> AppError | None:
        """Nobody asked; or the actor did."""
        row: Any = context.row
        if row.cancel_asked_at is None:
            return Conflict(f"没有人申请{self.word}。", code="not_asked")
        same = by_another(
            lambda row: row.cancel_asked_by_id, f"是您申请{self.word}的，请本会另一位审核员或上级工会来定。"
        )
        return same(context)

    def refuse(self, context: MoveContext[R]) -> AppError | None:
        """Whoever asked does not decide; where one is enough, it is one of the union itself."""
        row: Any = context.row
        if self.takes_two(context) or row.cancel_asked_at is not None:
            return self.refuse_unasked(context) or self.begun(context)
        return self.alone(context) or self.begun(context)


def ask(context: MoveContext[Any]) -> StepData:
    """The first of the two says why."""
    row = context.row
    row.cancel_asked_reason, row.cancel_asked_at = context.form.reason, context.now
    row.cancel_asked_by_id = context.actor_id
    return StepData()  # the reason stands in the row, where people can be struck out


def keep(context: MoveContext[Any]) -> StepData:
    """It stands; that it was asked for stays in the audit log."""
    row = context.row
    row.cancel_asked_reason = row.cancel_asked_at = row.cancel_asked_by_id = None
    return StepData()
