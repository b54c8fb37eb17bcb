"""Reads of closing reports: the form that is ready, those that were sent down."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import Fact
from server.assignments.dispatch.models import Assignment, AssignmentStatus
from server.assignments.dispatch.queries import get_assignment, is_visible, list_latest
from server.assignments.forms.schemas import Definition
from server.core.clock import day_in_words
from server.core.errors import NotFound
from server.oversight.summaries.schemas import SummaryDetails
from server.unions.actor import Actor

NAME = "summary"
FORM = files("server.oversight.summaries") / "data" / "form.json"


@cache
def ready_form() -> Definition:
    """The form that is there to begin with."""
    return Definition.model_validate_json(FORM.read_bytes())


def period_of(assignment: Assignment) -> tuple[date | None, date | None]:
    """The days of its figures."""
    details = SummaryDetails.model_validate(assignment.details)
    return details.since, details.until


def facts_of(_session: Session, assignment: Assignment) -> Sequence[Fact]:
    """What both sides read beside the text."""
    since, until = period_of(assignment)
    words = f"{day_in_words(since) if since else '开始'}至{day_in_words(until) if until else '提交那天'}"
    facts = [Fact("统计期", words if since or until else "全部时间")]
    if assignment.status is not AssignmentStatus.DRAFT:
        href = f"/console/summaries/{assignment.id}"
        facts.append(Fact("汇总", "看各单位交来的数字和文字", href, is_link=True, is_for_sender=True))
    return facts


def list_summaries(session: Session, actor: Actor) -> Sequence[Assignment]:
    """The latest that were sent; the engine lists all of them."""
    return list_latest(session, NAME, is_visible(actor))


def get_summary(session: Session, assignment_id: UUID, actor: Actor) -> Assignment:
    """One that was sent, for its sender and those above. Raises NotFound."""
    found = get_assignment(session, assignment_id, actor)
    if found.kind != NAME or found.status is AssignmentStatus.DRAFT:
        raise NotFound
    return found
