"""Letters that a union got, and how it answered: its panel on the page of a union."""

from server.kit.listing import Request
from server.kit.panels import Line, UnionPanel, panel_of_list
from server.kit.scope import Scope, scopes_of
from server.oversight.letters.listing import LETTERS, LetterFilter, Row, View
from server.oversight.letters.permissions import MAY_READ


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


def _scopes(asked: Request[LetterFilter]) -> list[Scope]:
    """What was sent to the union, by one's own unions too. Only of drafts it is not enough."""
    return scopes_of(asked.session, asked.actor, MAY_READ, asked.filters.union)


UNION_PANEL = UnionPanel(
    title="一函两书",
    position=40,
    permission="letter.read",
    read=panel_of_list(
        LETTERS,
        line_of,
        tabs=(View.ISSUED, View.OVERDUE, View.REPLIED),
        shown={"status": View.ALL},
        counted_in=_scopes,
    ),
)
