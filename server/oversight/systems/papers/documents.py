"""Documents of a system: the enterprise adds them, whoever may see the row reads them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Conflict
from server.kit.files.rules import ANYTHING, MEGABYTE, FileKind, FileLimits
from server.oversight.systems.models import HeldStatus, HeldSystem
from server.oversight.systems.permissions import MAY_READ, MAY_STATE
from server.unions.actor import Actor, in_scope

LIMITS = FileLimits(most=5, max_bytes=20 * MEGABYTE, media_types=ANYTHING)


def _may_read(session: Session, subject_id: UUID, actor: Actor) -> bool:
    found = select(HeldSystem.id).where(HeldSystem.id == subject_id, in_scope(actor, HeldSystem, MAY_READ))
    return session.scalar(found) is not None


def _may_write(session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
    held = session.get(HeldSystem, subject_id, with_for_update=lock, populate_existing=lock)
    if held is None or not actor.holds_over(held, MAY_STATE):
        return False
    if held.status is HeldStatus.CHECKED:
        raise Conflict("上级已经核对。制度有修订，请先重新填写，再换文件。", code="checked_already")
    return True


DOCUMENTS = FileKind(
    subject="held_system", may_read=_may_read, may_write=_may_write, read_permission="system.read",
    write_permission="system.state", limits=LIMITS,
)  # fmt: skip
