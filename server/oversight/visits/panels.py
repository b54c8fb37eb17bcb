"""The visits that an enterprise had, on its page; of the units above it, those of their subtrees."""

from dataclasses import replace
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from server.kit.panels import Figure, Line, Panel, UnionPanel, panel_of_list
from server.oversight.visits.listing import VISITS, Row, View
from server.oversight.visits.queries import last_visits, visits_this_year
from server.unions.actor import Actor
from server.unions.roles import Level
from server.unions.tree.models import Union


def line_of(row: Row) -> Line:
    """A visit in a line."""
    return Line(
        text=row.occasion, href=row.href, note=" · ".join(filter(None, (row.enterprise, row.mode_name, row.number))),
        status=row.status_text, chip=row.chip,
    )  # fmt: skip


_of_list = panel_of_list(
    VISITS, line_of, tabs=(View.PLANNED, View.RECORDED, View.SENT), shown={"status": View.ALL}
)  # fmt: skip


def _read(session: Session, actor: Actor, union: Union, now: datetime) -> Panel:
    """An enterprise's visits of all levels, before another is planned: who, when, how. The enterprise itself sees those
    alone that it got an opinion of."""
    panel = _of_list(session, actor, union, now)
    if union.level is not Level.ENTERPRISE or all(each.level is Level.ENTERPRISE for each in actor.roles):
        return panel
    count = visits_this_year(session, [union.id], now)[union.id]
    earlier = [
        Line(
            text=f"{each.unit}：{each.mode_name}", status="" if each.is_done else "计划",
            at=datetime.combine(each.on, time(4), UTC), day_only=True,
        )
        for each in last_visits(session, [union.id])[union.id]
    ]  # fmt: skip
    return replace(panel, figures=(*panel.figures, Figure("今年各级共", f"{count} 次")), lines=earlier)


UNION_PANEL = UnionPanel(title="督导", position=45, permission="visit.read", read=_read)
