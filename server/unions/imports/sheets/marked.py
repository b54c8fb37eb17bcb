"""The sheet as it came, with what is wrong beside each row: to mend there, and to send again."""

from server.core.sheets import Sheet, SheetColumn, write_book
from server.unions.imports.plans.reports import Report, RowReport
from server.unions.imports.sheets.workbook import PROBLEMS, Column


def mark_up(report: Report, title: str) -> bytes:
    """An .xlsx with the template's columns and 问题. What could not be read is empty, and its complaint says so."""
    columns = [_as_it_came(column) for column in report.columns]
    problems: SheetColumn[RowReport] = SheetColumn(
        PROBLEMS, lambda row: "；".join(str(each) for each in report.complaints(row)), width=60
    )
    return write_book(Sheet(title, [*columns, problems], report.rows)).getvalue()


def _as_it_came(column: Column) -> SheetColumn[RowReport]:
    return SheetColumn(column.heading, lambda row: row.raw.cells.get(column.field, ""))
