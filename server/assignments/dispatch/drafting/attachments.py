"""Files that go with an assignment: its sender's while it is a draft, never changed once it is sent."""

from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient
from server.assignments.dispatch.queries import get_assignment, is_visible, sends_for
from server.core.errors import Conflict, NotFound
from server.kit.files.models import AttachedFile
from server.kit.files.queries import list_files
from server.kit.files.rules import MEGABYTE, FileKind, FileLimits
from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE

SUBJECT = "assignment"
LIMITS = FileLimits(most=20, max_bytes=20 * MEGABYTE)


def _may_read(session: Session, subject_id: UUID, actor: Actor) -> bool:
    """The sender with those above; whoever was asked by it, or by what passes it on, with those above."""
    if session.scalar(select(Assignment.id).where(Assignment.id == subject_id, is_visible(actor))) is not None:
        return True
    passed_on = select(Recipient.passed_on_id).where(Recipient.assignment_id == subject_id)
    got_it = or_(
        Recipient.assignment_id == subject_id, Recipient.root_id == subject_id, Recipient.assignment_id.in_(passed_on)
    )
    return bool(session.scalar(select(exists().where(got_it, in_scope(actor, Recipient, CONSOLE)))))


def _may_write(session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
    """Its sender, as long as it is a draft."""
    try:
        found = get_assignment(session, subject_id, actor, lock=lock)
    except NotFound:
        return False
    if not sends_for(actor, found.sender_id):
        return False
    if found.status is not AssignmentStatus.DRAFT:
        raise Conflict("已经发出，附件不能再改。", code="sent_already")
    return True


def list_attachments(session: Session, assignment_id: UUID) -> list[AttachedFile]:
    """The files of one assignment, in their order."""
    return list_files(session, SUBJECT, [assignment_id])[assignment_id]


ATTACHMENTS = FileKind(
    subject=SUBJECT, may_read=_may_read, may_write=_may_write, read_permission="assignment.attachment",
    write_permission="assignment.send", limits=LIMITS,
)  # fmt: skip
