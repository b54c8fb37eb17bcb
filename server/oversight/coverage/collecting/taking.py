"""What was accepted goes into the register: one row for each answer, with its day; a correction takes its place."""

from pydantic import ValidationError
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.responses.events import ResponseAccepted
from server.assignments.responses.queries import get_version
from server.core.errors import Conflict
from server.oversight.coverage.actions import keep_denominator
from server.oversight.coverage.collecting.asking import NAME, read_answer
from server.oversight.coverage.models import Denominator, DenominatorSource, ReportedDenominator
from server.unions.tree.queries import get_union


def take_accepted(session: Session, event: ResponseAccepted) -> None:
    """Write what an enterprise said of its headcount, once. The recipient is held by whoever accepts."""
    if session.get_one(Assignment, event.assignment_id).kind != NAME:
        return
    known = session.get(ReportedDenominator, event.recipient_id)
    if known is not None and known.number >= event.number:
        return
    if known is not None:
        earlier = session.get_one(Denominator, known.denominator_id)
        session.delete(known)
        session.flush()
        session.delete(earlier)
        session.flush()
    version = get_version(session, event.recipient_id, event.number)
    union = get_union(session, session.get_one(Recipient, event.recipient_id).union_id)
    try:
        content = read_answer(version.answers)
    except ValidationError as error:  # what was right when it was sent need not be for good
        raise Conflict("这份填报不符合登记的要求，请退回修改。", code="not_for_the_register") from error
    row = keep_denominator(
        session, union, content, source=DenominatorSource.ENTERPRISE,
        entered_by_id=version.submitted_by_id, actor_id=event.actor_id, now=event.at, is_corrected=known is not None,
    )  # fmt: skip
    session.add(
        ReportedDenominator(recipient_id=event.recipient_id, denominator_id=row.id, number=event.number)
    )  # fmt: skip
    session.flush()
