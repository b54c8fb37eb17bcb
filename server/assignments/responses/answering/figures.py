"""The figures of an answer: drawn when somebody looks at it, frozen when it is sent."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.forms.ports import FIGURES, Wanted
from server.assignments.forms.schemas import Definition


def draw_figures(
    session: Session, assignment: Assignment, row: Recipient, form: Definition | None, now: datetime
) -> dict[str, Any]:
    """The figures that a form shows, by the key of the field, as answers keep them: of the union that is asked, with
    all below it, and of the assignment's campaign and days."""
    asked = {each.key: each.figure for each in form.figures().values()} if form is not None else {}
    if not asked:
        return {}
    since, until = kind_of(assignment.kind).period(assignment)
    wanted, figures = Wanted(row.union_id, assignment.campaign_id, since, until), set(asked.values())
    drawn = {key: each for book in FIGURES.answers for key, each in book.draw(session, wanted, figures, now).items()}
    return {key: asdict(drawn[figure]) for key, figure in asked.items() if figure in drawn}
