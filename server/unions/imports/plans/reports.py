"""What an import would do, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from server.unions.imports.sheets.workbook import Column


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


OUTCOME_WORDS = {Outcome.NEW: "新建", Outcome.CHANGED: "更新", Outcome.SAME: "没有变化", Outcome.WRONG: "有错误"}


@dataclass(slots=True)
class RowReport:
    """One row: its number in the sheet, what it is about, what becomes of it, and what is wrong by field.

    `known` says who or what is there already, `changes` what of it is changed.
    """

    number: int
    name: str
    outcome: Outcome
    errors: dict[str, str] = field(default_factory=dict)
    known: str = ""
    changes: str = ""

    def refuse(self, where: str, why: str) -> None:
        """Mark a field as wrong; the first complaint about a field stays."""
        self.outcome = Outcome.WRONG
        self.errors.setdefault(where, why)


@dataclass(frozen=True, slots=True)
class Report:
    """The whole sheet."""

    rows: Sequence[RowReport]
    columns: Sequence[Column]

    @property
    def is_clean(self) -> bool:
        """Whether everything may be taken over."""
        return all(row.outcome is not Outcome.WRONG for row in self.rows)

    def count(self, outcome: Outcome) -> int:
        """Rows with that outcome."""
        return sum(1 for row in self.rows if row.outcome is outcome)

    def heading(self, name: str) -> str:
        """The heading of a field."""
        return next((column.heading for column in self.columns if column.field == name), name)

    def shown(self, most: int) -> list[RowReport]:
        """The rows to show: those with errors first, then as they come."""
        return sorted(self.rows, key=lambda row: (row.outcome is not Outcome.WRONG, row.number))[:most]
