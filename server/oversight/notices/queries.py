"""Reads of notices: one that somebody may see, what a draft begins with, what both sides are shown."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import Fact
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.core.errors import NotFound
from server.kit.documents.models import Document
from server.kit.documents.queries import find_document
from server.kit.documents.texts import default_mark
from server.oversight.notices.document import NOTICE_DOCUMENT, details_of
from server.oversight.notices.permissions import MAY_READ
from server.oversight.notices.schemas import NoticeForm, Urgency
from server.oversight.notices.texts import URGENCY_NAMES, contact_text
from server.unions.actor import Actor, in_scope
from server.unions.tree.models import Union

KIND = "notice"
IN_FORCE = (AssignmentStatus.SENDING, AssignmentStatus.SENT, AssignmentStatus.CLOSED)
"""It was sent, and not taken back."""


def own_unions(actor: Actor) -> list[UUID]:
    """The unions where the actor holds a role."""
    return [role_at.union_id for role_at in actor.roles]


def get_notice(session: Session, notice_id: UUID, actor: Actor) -> Assignment:
    """A notice of the actor's own unions, one of their subtrees that is no draft, or one that came to their own unions,
    passed on as it may be. Raises NotFound."""
    own = own_unions(actor)
    came = exists().where(
        Recipient.root_id == Assignment.root_id,
        Recipient.union_id.in_(own),
        Recipient.status != RecipientStatus.WITHDRAWN,
    )
    seen = or_(
        Assignment.sender_id.in_(own),
        and_(Assignment.status != AssignmentStatus.DRAFT, or_(came, in_scope(actor, Assignment, MAY_READ))),
    )
    notice = session.scalar(select(Assignment).where(Assignment.id == notice_id, Assignment.kind == KIND, seen))
    if notice is None:
        raise NotFound("没有找到这份通知。", code="notice_not_found")
    return notice


def begin_details(session: Session, sender: Union) -> Mapping[str, Any]:
    """What a draft begins with: the 代字 that the sender used last."""
    last = session.scalar(
        select(Document.number)
        .where(Document.kind == KIND, Document.issuer_id == sender.id)
        .order_by(Document.issued_at.desc())
        .limit(1)
    )
    return {"mark": last.split("〔")[0] if last else f"{default_mark(sender.short_name, sender.name)}发"}


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


def count_unsigned(session: Session, notice_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many unions have not signed for each of these notices."""
    rows = session.execute(
        select(Recipient.assignment_id, func.count())
        .where(
            Recipient.assignment_id.in_(notice_ids), Recipient.status == RecipientStatus.SENT,
            Recipient.is_copy.is_(False),
        )
        .group_by(Recipient.assignment_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in rows}
