"""Reads of notices: what a draft begins with, what both sides are shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import Fact
from server.assignments.dispatch.models import Assignment, AssignmentStatus
from server.kit.documents.queries import find_document, last_mark
from server.kit.documents.texts import default_mark
from server.oversight.notices.document import NOTICE_DOCUMENT, details_of
from server.oversight.notices.schemas import NoticeForm, Urgency
from server.oversight.notices.texts import URGENCY_NAMES, contact_text
from server.unions.tree.models import Union

KIND = "notice"
IN_FORCE = (AssignmentStatus.SENDING, AssignmentStatus.SENT, AssignmentStatus.CLOSED)
"""It was sent, and not taken back."""


def begin_details(session: Session, sender: Union) -> Mapping[str, Any]:
    """What a draft begins with: the 代字 that the sender used last."""
    mark = last_mark(session, NOTICE_DOCUMENT, sender.id)
    return {"mark": mark or f"{default_mark(sender.short_name, sender.name)}发"}


def facts_of(session: Session, assignment: Assignment) -> Sequence[Fact]:
    """What both sides read beside the text."""
    details, number = details_of(assignment), ""
    if details.form is NoticeForm.DOCUMENT:
        document = find_document(session, NOTICE_DOCUMENT, assignment.id)
        number = document.number if document else f"{details.mark}〔    〕  号（发出时编号）"
    facts = (
        Fact("文号", number, f"/console/notices/{assignment.id}"),
        Fact("紧急程度", "" if details.urgency is Urgency.NORMAL else URGENCY_NAMES[details.urgency]),
        Fact("联系", contact_text(details)),
        Fact("抄送", details.copies or details.copied_to),
    )
    return [each for each in facts if each.value]
