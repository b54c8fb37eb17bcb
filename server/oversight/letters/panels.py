"""Letters that a union got, and how it answered: its panel on the page of a union."""

from server.kit.panels import Line, UnionPanel, panel_of_list
from server.oversight.letters.listing import LETTERS, Row, View


def line_of(row: Row) -> Line:
    """A letter in a line."""
    return Line(
        text=row.subject,
        href=row.href,
        note=" · ".join(filter(None, (row.kind_name, row.number))),
        status=row.status_text,
        chip=row.chip,
        at=row.issued_at,
    )


UNION_PANEL = UnionPanel(
    title="一函两书",
    position=40,
    permission="letter.read",
    read=panel_of_list(LETTERS, line_of, tabs=(View.ISSUED, View.OVERDUE, View.REPLIED), shown={"status": View.ALL}),
)
