"""What figures answer to the wings below."""

from server.assignments.forms.ports import FIGURES
from server.reports.figures.items.drawing import Book

BOOK = Book()


def subscribe_events() -> None:
    """Count for forms."""
    FIGURES.plug(BOOK)
