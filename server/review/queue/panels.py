"""What came from a union, and what a person sent under their name.

A person's anonymous reports stand nowhere on their page, and are not counted there, whoever looks: a number that is
higher than the lines beside it would tell of them.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import Session

from server.kit.panels import LINES, Figure, Line, Panel, PersonPanel, UnionPanel, panel_of_list
from server.review.queue.listing import ITEM, QUEUE, QueueRow
from server.review.queue.permissions import MAY
from server.review.queue.schemas import ALL
from server.review.submissions.kinds.registry import all_kinds
from server.review.submissions.models import Status, Submission
from server.review.submissions.texts import status_text
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person


def line_of(row: QueueRow) -> Line:
    """A submission in a line."""
    return Line(
        text=row.excerpt or row.category_name,
        href=row.href,
        note=" · ".join(filter(None, (row.number, row.words.name, row.place))),
        status=row.status_text,
        chip=row.status,
        at=row.created_at,
        day_only=row.day_only,
    )


def _sent_openly(actor: Actor, person: Person) -> ColumnElement[bool]:
    return and_(
        Submission.reporter_id == person.id,
        Submission.is_anonymous == false(),
        Submission.arrived_at.is_not(None),
        in_scope(actor, Submission, MAY),
    )


def _of_person(session: Session, actor: Actor, person: Person, _now: datetime) -> Panel:
    sent = _sent_openly(actor, person)
    counts = session.execute(select(Submission.kind, func.count()).where(sent).group_by(Submission.kind)).all()
    by_kind = {row[0]: row[1] for row in counts}
    latest = session.scalars(select(Submission).where(sent).order_by(Submission.id.desc()).limit(LINES)).all()
    return Panel(
        figures=[Figure(each.words.name, str(by_kind[each.kind])) for each in all_kinds() if each.kind in by_kind],
        lines=[
            Line(
                text=row.excerpt or "（没有写说明）",
                href=f"{ITEM}/{row.id}",
                note=" · ".join(filter(None, (row.number, row.place))),
                status=status_text(row.kind, row.status),
                chip=row.status,
                at=row.created_at,
            )
            for row in latest
        ],
        nothing="没有署名上报过。",
    )


UNION_PANEL = UnionPanel(
    title="上报的隐患和建议",
    position=10,
    permission="submission.review",
    read=panel_of_list(
        QUEUE, line_of, tabs=(Status.QUEUED, "overdue", Status.RETURNED, Status.ACCEPTED), shown={"status": ALL}
    ),
)
PERSON_PANEL = PersonPanel(title="署名上报的", position=10, permission="submission.review", read=_of_person)
