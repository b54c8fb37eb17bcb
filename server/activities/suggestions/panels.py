"""Suggestions of a union that are carried out: its panel on the page of a union."""

from server.activities.suggestions.listing import ADOPTED, Row, Stage
from server.kit.panels import Line, UnionPanel, panel_of_list


def line_of(row: Row) -> Line:
    """A suggestion that is carried out, in a line."""
    return Line(text=row.title, href=row.href, note=row.number, status=row.status_text, at=row.decided_at)


UNION_PANEL = UnionPanel(
    title="建议落实",
    position=30,
    permission="suggestion.read",
    read=panel_of_list(ADOPTED, line_of, tabs=(Stage.UNPLANNED, Stage.CONFIRMED), shown={"stage": Stage.UNPLANNED}),
)
