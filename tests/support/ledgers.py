"""Ledgers (台账) as they are downloaded: a title, what is covered, heads, then the rows."""

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

HEADS = 3
"""The row of the heads."""


def sheet_of(content: bytes) -> Any:
    return load_workbook(BytesIO(content)).active


def read_ledger(content: bytes) -> list[dict[str, Any]]:
    """Its rows, by their heads."""
    heads, *rows = sheet_of(content).iter_rows(min_row=HEADS, values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]
