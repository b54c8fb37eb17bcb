"""Points on the page of a union, as its list shows them; on that of a person those for reports under their name.

What somebody got for an anonymous report is left out, for it would tell that there was one.
"""

from datetime import datetime

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from server.kit.panels import LINES, Line, Panel, PersonPanel, UnionPanel, panel_of_list
from server.review.submissions.models import Submission
from server.rewards.points.listing import POINTS, Row
from server.rewards.points.models import PointsTransfer
from server.rewards.points.permissions import MAY_READ
from server.rewards.points.queries import SIGNED
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person


def _line(row: Row) -> Line:
    return Line(
        text=f"{row.name} {row.amount:+d} 分",
        note=" · ".join(filter(None, (row.reason, row.number))),
        at=row.at,
        day_only=row.day_only,
    )


def _of_person(session: Session, actor: Actor, person: Person, _now: datetime) -> Panel:
    rows = session.execute(
        select(PointsTransfer.at, PointsTransfer.reason, SIGNED.label("amount"), Submission.id, Submission.number)
        .join(Submission, Submission.id == PointsTransfer.submission_id)
        .where(
            PointsTransfer.person_id == person.id,
            Submission.reporter_id == person.id,
            Submission.is_anonymous == false(),
            in_scope(actor, Submission, MAY_READ),
        )
        .order_by(PointsTransfer.id.desc())
        .limit(LINES)
    ).all()
    return Panel(
        lines=[
            Line(f"{row.amount:+d} 分", f"/console/submissions/{row.id}", f"{row.reason} · {row.number}", at=row.at)
            for row in rows
        ],
        nothing="还没有积分。",
    )


UNION_PANEL = UnionPanel(
    title="积分", position=60, permission="points.read", read=panel_of_list(POINTS, _line, shown={})
)
PERSON_PANEL = PersonPanel(title="得到的积分", position=30, permission="points.read", read=_of_person)
