"""What an import would do, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from server.unions.imports.sheets.workbook import Column, RawRow


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


OUTCOME_WORDS = {Outcome.NEW: "新建", Outcome.CHANGED: "更新", Outcome.SAME: "没有变化", Outcome.WRONG: "有错误"}


@dataclass(slots=True)
class RowReport:
    """One row: as it stands in the sheet, what becomes of it, and what is wrong by field.

    `known` says who or what is there already, `changes` what of it is changed.
    """

    raw: RawRow
    outcome: Outcome
    errors: dict[str, str] = field(default_factory=dict)
    known: str = ""
    changes: str = ""

    @property
    def number(self) -> int:
        """Of the row in the sheet."""
        return self.raw.number

    @property
    def name(self) -> str:
        """Whom or what the row is about."""
        return self.raw.cells.get("name", "")

    def refuse(self, where: str, why: str) -> None:
        """Mark a field as wrong; the first complaint about a field stays."""
        self.outcome = Outcome.WRONG
        self.errors.setdefault(where, why)


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in a cell, and what stands in it; empty where nothing does, or nothing that can be read."""

    heading: str
    words: str
    value: str

    def __str__(self) -> str:
        typed = f"（填的是“{self.value}”）" if self.value else ""
        return f"{self.heading}：{self.words}{typed}"


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

    def complaints(self, row: RowReport) -> list[Complaint]:
        """What is wrong with a row, in the order of the columns."""
        named = {column.field: column.heading for column in self.columns}
        return [
            Complaint(named[field], row.errors[field], row.raw.cells.get(field, ""))
            for field in named
            if field in row.errors
        ]

    def shown(self, most: int) -> list[RowReport]:
        """The rows to show: those with errors first, then as they come."""
        return sorted(self.rows, key=lambda row: (row.outcome is not Outcome.WRONG, row.number))[:most]
