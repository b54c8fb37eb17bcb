"""The write of notices: what happens to one at sending."""

from datetime import datetime

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.core.audit.actions import record
from server.core.clock import in_shanghai
from server.kit.documents.actions import issue_document, next_number
from server.kit.documents.texts import number_text
from server.oversight.notices.document import NOTICE_DOCUMENT, details_of, words_of
from server.oversight.notices.queries import KIND
from server.oversight.notices.schemas import NoticeForm
from server.unions.actor import Actor


def number_notice(session: Session, assignment: Assignment, *, actor: Actor, now: datetime) -> None:
    """Give a document the next number of its 代字 and year, and freeze what it says. The number is the last lock that
    is taken. What is passed on is no document of its own: the one that came stands below it."""
    details, words, year = details_of(assignment), words_of(session, assignment), in_shanghai(now).year
    kept = details.model_copy(update={"copies": words["copies"], "used_before": None})
    assignment.details = kept.model_dump(mode="json")
    session.flush()
    if details.form is not NoticeForm.DOCUMENT:
        return
    number = next_number(
        session, f"{KIND}.{details.mark}", issuer_id=assignment.sender_id, year=year,
        used_before=details.used_before or 0,
    )  # fmt: skip
    document = issue_document(
        session, NOTICE_DOCUMENT, owner_id=assignment.id, issuer_id=assignment.sender_id,
        number=number_text(details.mark, "", year, number), words=words, actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    record(
        session, "notice.number", subject_type="assignment", subject_id=assignment.id, actor_id=actor.person_id, at=now,
        detail={"number": document.number, "content_hash": document.content_hash},
    )  # fmt: skip
