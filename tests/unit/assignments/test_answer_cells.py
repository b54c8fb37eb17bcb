"""Answers in a sheet: numbers can be added up there, and none is changed by it."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from server.assignments.forms.schemas import Field
from server.assignments.forms.showing.answer_cells import cell_of, head_of, kind_of_cells
from server.core.sheets import Sheet, SheetColumn, write_book
from tests.support.ledgers import sheet_of

RATE = {"value": 0.5, "text": "50%", "parts": [1, 2]}
COUNT = {"value": 31.0, "text": "31", "parts": None}


@pytest.mark.parametrize(
    ("asked", "said", "head", "shown"),
    [
        ({"kind": "integer", "unit": "台"}, 3, "问（台）", 3),
        ({"kind": "integer"}, None, "问", None),
        ({"kind": "decimal", "unit": "米"}, "-3.10", "问（米）", -3.1),
        ({"kind": "decimal", "places": 6}, "1000000000.000001", "问", "1000000000.000001"),  # Excel would round it
        ({"kind": "money"}, "1250.05", "问（元）", 1250.05),
        ({"kind": "figure", "figure": "submitted"}, COUNT, "问", 31),
        ({"kind": "figure", "figure": "submitted"}, RATE, "问", "50%"),
        ({"kind": "figure", "figure": "submitted"}, {**COUNT, "value": None, "text": "—"}, "问", "—"),
        ({"kind": "text"}, "=1+1", "问", "=1+1"),
    ],
)
def test_a_number_is_a_number_and_stays_what_it_was(asked: dict[str, Any], said: Any, head: str, shown: object) -> None:
    field: Field = TypeAdapter(Field).validate_python({"key": "f1", "label": "问", **asked})
    column: SheetColumn[Any] = SheetColumn(head_of(field), lambda value: cell_of(field, value), kind_of_cells(field))
    sheet = sheet_of(write_book(Sheet("表", [column], [said])).getvalue())
    cells = list(sheet.iter_rows(values_only=True))
    assert cells[0] == (head,)
    assert [row[0] for row in cells[1:] if row[0] is not None] == ([] if shown is None else [shown])
