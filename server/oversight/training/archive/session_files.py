"""Files of a session: what was taught from, photos, the sheet that was signed, tests."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import Conflict, NotFound
from server.kit.files.rules import MEGABYTE, FileKind, FileLimits
from server.oversight.training.models import SessionStatus, TrainingSession
from server.oversight.training.queries import get_session, leads_for, may_see_people
from server.unions.actor import Actor

SUBJECT = "training"
LIMITS = FileLimits(most=40, max_bytes=20 * MEGABYTE)
FIELDS: Mapping[str, str] = {
    "materials": "课件、方案",
    "photos": "现场照片",
    "sheets": "签到表照片",
    "notice": "通知",
    "tests": "试卷、成绩",
}
CLOSED = (SessionStatus.IN_REVIEW, SessionStatus.ARCHIVED, SessionStatus.CANCELLED)


def may_add(row: TrainingSession) -> bool:
    """Whether its papers are still open."""
    return row.status not in CLOSED


def _may_read(session: Session, subject_id: UUID, actor: Actor) -> bool:
    """The organiser and those above; sheets have names on them, so not everybody who was asked to come."""
    try:
        return may_see_people(actor, get_session(session, subject_id, actor))
    except NotFound:
        return False


def _may_write(session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
    try:
        row = get_session(session, subject_id, actor, lock=lock)
    except NotFound:
        return False
    if leads_for(actor, row.organiser_id) is None:
        return False
    if not may_add(row):
        raise Conflict("已经提交或归档，资料不能再改。", code="handed_in")
    return True


def _limits_of(_session: Session, _subject_id: UUID, field: str) -> FileLimits | None:
    return LIMITS if field in FIELDS else None


SESSION_FILES = FileKind(
    subject=SUBJECT, may_read=_may_read, may_write=_may_write, read_permission="training.read",
    write_permission="training.lead", limits=LIMITS, limits_of=_limits_of,
)  # fmt: skip
