"""What a union owes: its panel on the page of a union."""

from server.kit.panels import Line, UnionPanel, panel_of_list
from server.review.rectification.listing import RECTIFICATIONS, Row, View


def line_of(row: Row) -> Line:
    """A rectification in a line."""
    return Line(
        text=row.excerpt or row.category_name,
        href=row.href,
        note=" · ".join(filter(None, (row.number, row.place, row.responsible))),
        status=row.status_text,
        chip=row.chip,
        due_at=row.due_at if row.is_due else None,
    )


UNION_PANEL = UnionPanel(
    title="整改",
    position=20,
    permission="rectification.read",
    read=panel_of_list(
        RECTIFICATIONS,
        line_of,
        tabs=(View.RUNNING, View.OVERDUE, View.ASKED, View.SUBMITTED, View.CLOSED),
        shown={"status": View.RUNNING},
    ),
)
