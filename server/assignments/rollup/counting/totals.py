"""What the answers to one field say together.

| kind of field | totals |
|---|---|
| integer, decimal, money | {"n", "sum", "least", "most", "median"}: numbers as text, no float loses a fen |
| one_of, several_of, yes_no, check | {"n", "choices": {key: how many}} |
| table | {"n", "rows"}, and each column of it by its own kind under `field.column` |
| any other | {"n"} |

`n` is how many answered the field; of a table's column, in how many rows. A median is found among the answers
themselves, a mean by dividing sum by n: neither is ever made of those of others.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any

from server.assignments.forms.schemas import (
    CheckField,
    Column,
    DecimalField,
    Definition,
    Field,
    IntegerField,
    MoneyField,
    OneOfField,
    SeveralOfField,
    TableField,
    YesNoField,
)

PERSONS = ("人", "名", "位")
MAY_COUNT_TWICE = "各单位相加，可能重复"


def counts_people(asked: Field | Column) -> bool:
    """Whether a number that unions type in counts people (人数, not 人次): somebody may be one of two unions, which no
    sum can tell."""
    if not isinstance(asked, IntegerField) or "人次" in asked.label + asked.unit:
        return False
    return asked.unit in PERSONS or "人数" in asked.label


@dataclass(slots=True)
class Tally:
    """What was answered to one field so far."""

    n: int = 0
    rows: int | None = None
    values: list[Decimal] = field(default_factory=list)
    choices: Counter[str] = field(default_factory=Counter)

    def keep(self) -> dict[str, Any]:
        """As it is stored."""
        kept: dict[str, Any] = {"n": self.n}
        if self.rows is not None:
            kept["rows"] = self.rows
        if self.values:
            kept |= {
                "sum": str(sum(self.values)), "least": str(min(self.values)), "most": str(max(self.values)),
                "median": str(median(self.values)),
            }  # fmt: skip
        if self.choices:
            kept["choices"] = dict(self.choices)
        return kept


def parts_of(form: Definition, answers: Mapping[str, Any]) -> Iterator[tuple[str, Field | Column, Any]]:
    """Each field that was answered with its key and value, then each cell of a table that was filled in."""
    for asked in form.fields():
        value = answers.get(asked.key)
        if value is None:
            continue
        yield asked.key, asked, value
        if isinstance(asked, TableField):
            for row in value:
                for column in asked.columns:
                    if row.get(column.key) is not None:
                        yield f"{asked.key}.{column.key}", column, row[column.key]


def add(tally: Tally, asked: Field | Column, value: Any) -> None:
    """Count one answer."""
    tally.n += 1
    match asked:
        case IntegerField() | DecimalField() | MoneyField():
            tally.values.append(Decimal(str(value)))
        case OneOfField():
            tally.choices[value] += 1
        case SeveralOfField():
            tally.choices.update(value)
        case YesNoField():
            tally.choices["yes" if value else "no"] += 1
        case CheckField():
            tally.choices[value.get("result") or ""] += 1
        case TableField():
            tally.rows = (tally.rows or 0) + len(value)
