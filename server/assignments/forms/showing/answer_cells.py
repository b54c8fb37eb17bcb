"""Answers as they stand in a sheet: numbers are numbers there, so that whoever opens it can sort them and add them up;
their unit stands in the head. All else is said in words."""

from decimal import Decimal
from typing import Any

from server.assignments.forms.schemas import Column, DecimalField, Field, FigureField, IntegerField, MoneyField
from server.assignments.forms.showing.answer_words import say_answer
from server.core.sheets import CellKind

MOST_DIGITS = 15
"""As many as a spreadsheet keeps of a number; longer ones stay text, whole."""
_KINDS: dict[type[Any], CellKind] = {
    IntegerField: CellKind.WHOLE,
    DecimalField: CellKind.NUMBER,
    MoneyField: CellKind.MONEY,
    FigureField: CellKind.WHOLE,
}


def kind_of_cells(asked: Field | Column) -> CellKind:
    """What a column of answers to a field holds; a cell that is no number is text all the same."""
    return _KINDS.get(type(asked), CellKind.TEXT)


def head_of(asked: Field | Column) -> str:
    """What stands above it."""
    unit = "元" if isinstance(asked, MoneyField) else getattr(asked, "unit", "")
    return f"{asked.label}（{unit}）" if unit else asked.label


def cell_of(asked: Field | Column, value: Any) -> object:
    """An answer as a cell of `kind_of_cells`. A rate that was drawn is in words: nobody may add it up."""
    match asked:
        case IntegerField() | DecimalField() | MoneyField() if value is not None:
            return _number(asked, Decimal(str(value)))
        case FigureField() if value is not None and value["value"] is not None and value["parts"] is None:
            drawn = Decimal(str(value["value"]))
            return int(drawn) if drawn == int(drawn) else say_answer(asked, value)
    return say_answer(asked, value)


def _number(asked: Field | Column, value: Decimal) -> int | float | str:
    if len(value.as_tuple().digits) > MOST_DIGITS:
        return f"{value:f}"
    if isinstance(asked, MoneyField):
        return int(value * 100)  # as sheets take money: in fen
    return int(value) if isinstance(asked, IntegerField) else float(value)
