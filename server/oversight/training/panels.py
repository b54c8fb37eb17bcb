"""What training knows of a union: its panel on the page of a union."""

from server.kit.panels import Line, UnionPanel, panel_of_list
from server.oversight.training.listing import SESSION_LIST, Row
from server.oversight.training.models import SessionStatus


def line_of(row: Row) -> Line:
    """A session in a line."""
    return Line(
        text=row.title, href=row.href, note=f"{row.kind_name} · {row.number}", status=row.status_text, chip=row.chip,
        at=row.starts_at,
    )  # fmt: skip


UNION_PANEL = UnionPanel(
    title="培训和演练",
    position=60,
    permission="training.read",
    read=panel_of_list(SESSION_LIST, line_of, tabs=(SessionStatus.RUNNING, SessionStatus.ARCHIVED), shown={}),
)
