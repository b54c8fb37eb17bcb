"""What was accepted goes into the register, system by system. Safe to do twice: what stands there already is left."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Recipient
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.queries import get_version
from server.kit.files.actions import copy_files
from server.kit.workflow import SYSTEM, perform_held
from server.oversight.systems.collecting.asking import FILES, Said, key_of, read_said
from server.oversight.systems.counting.asking import ask_some
from server.oversight.systems.models import IN_PLACE, HeldStatus, HeldSystem
from server.oversight.systems.papers.documents import DOCUMENTS
from server.oversight.systems.workflow import HELD, HeldMove

TAKE = "systems.take_answer"
SENT = "response_version"  # what files of an answer that was sent belong to


def take_answer(session: Session, recipient_id: UUID, number: int, *, now: datetime) -> None:
    """Let each system say what the answer says, and be checked where somebody looked at it. What the enterprise said
    itself since it answered is newer, and stays."""
    union_id = session.get_one(Recipient, recipient_id).union_id
    version = get_version(session, recipient_id, number)
    ask_some(session, now, union_id)
    rows = select(HeldSystem).where(HeldSystem.enterprise_id == union_id).order_by(HeldSystem.id)
    held = {
        row.system_id: row
        for row in session.scalars(rows.with_for_update().execution_options(populate_existing=True))
    }  # fmt: skip
    for said in read_said(version.answers):
        row = held.get(said.system_id)
        if row is not None and (row.stated_at is None or row.stated_at <= version.submitted_at):
            _take(session, row, said, version, now)


def _take(session: Session, row: HeldSystem, said: Said, version: ResponseVersion, now: datetime) -> None:
    if said.stated is None:
        if row.status is not HeldStatus.ABSENT:
            _make(session, row, HeldMove.ADMIT, said.admitted(row.version), version.submitted_by_id, now)
        return
    if not _stands(row, said):
        stated = said.stated.model_copy(update={"version": row.version})
        _make(session, row, HeldMove.STATE, stated, version.submitted_by_id, now)
    fields = {key_of(row.system_id, FILES)}
    copy_files(session, SENT, version.id, DOCUMENTS.subject, row.id, now=now, fields=fields, into="")
    if row.status is HeldStatus.STATED and version.decided_by_id is not None:
        _make(session, row, HeldMove.CHECK, None, version.decided_by_id, now)


def _stands(row: HeldSystem, said: Said) -> bool:
    """Whether the register says that already."""
    if said.stated is None or row.status not in IN_PLACE:
        return False
    reviewed = said.stated.reviewed_on or said.stated.adopted_on
    wanted = (said.stated.title, said.stated.adopted_on, reviewed, said.note)
    return wanted == (row.title, row.adopted_on, row.reviewed_on, row.note)


def _make(session: Session, row: HeldSystem, move: HeldMove, form: object, by_id: UUID, now: datetime) -> None:
    context = HELD.context(session, row, actor=None, now=now, form=form, cause_id=by_id)
    perform_held(HELD, context, move, party=SYSTEM.name)
