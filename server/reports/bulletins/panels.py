"""A report in a line, for the search over everything."""

from server.kit.panels import Line
from server.reports.bulletins.listing import Row


def line_of(row: Row) -> Line:
    """What it is called, its number, whether another one corrects it."""
    note = " · ".join(filter(None, (row.kind_name, row.number, "已更正" if row.is_corrected else "")))
    return Line(text=row.title, href=row.href, note=note, at=row.issued_at)
