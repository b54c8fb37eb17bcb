"""Photos and signatures of a visit: of an item of the checklist, of a finding, of a side that signed."""

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.forms.queries import find_frozen
from server.assignments.responses.answering.answer_files import limits_for, list_by_field, missing_files
from server.core import clock
from server.core.errors import NotFound
from server.kit.files.models import AttachedFile
from server.kit.files.rules import MEGABYTE, PICTURES, FileKind, FileLimits
from server.kit.workflow import find_refusal
from server.oversight.visits.models import Side, SignedBy, Visit
from server.oversight.visits.queries import get_visit
from server.oversight.visits.schemas import MOST_FINDING_PHOTOS, RecordIn
from server.oversight.visits.workflow import WORKFLOW, M
from server.unions.actor import Actor
from server.unions.scans.queries import as_reviewer

SUBJECT = "visit"
FINDING = re.compile(r"finding\.[0-9a-f-]{36}")
SIGNATURES = frozenset(f"sign.{side}" for side in Side)
OF_FINDING = FileLimits(most=MOST_FINDING_PHOTOS, media_types=PICTURES)
OF_SIGNATURE = FileLimits(most=5, max_bytes=2 * MEGABYTE, media_types=PICTURES)  # some are drawn anew
Files = Mapping[str, Sequence[AttachedFile]]
"""By the field that they belong to."""


def finding_field(finding_id: UUID) -> str:
    """Where the photos of a finding lie."""
    return f"finding.{finding_id}"


def _may_read(session: Session, subject_id: UUID, actor: Actor) -> bool:
    try:
        return get_visit(session, subject_id, _officer(session, actor), whole=True) is not None
    except NotFound:
        return False


def _may_write(session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
    """Whoever may send the record; else they are told why not."""
    officer = _officer(session, actor)
    try:
        visit = get_visit(session, subject_id, officer, whole=True, lock=lock)
    except NotFound:
        return False
    context = WORKFLOW.context(session, visit, actor=officer, now=clock.now())
    if (refusal := find_refusal(WORKFLOW, WORKFLOW.find(M.RECORD), context)) is not None:
        raise refusal
    return True


def _officer(session: Session, actor: Actor) -> Actor:
    return as_reviewer(session, actor) if actor.is_worker else actor


def _limits_of(session: Session, visit_id: UUID, field: str) -> FileLimits | None:
    if FINDING.fullmatch(field):
        return OF_FINDING
    if field in SIGNATURES:
        return OF_SIGNATURE
    form = find_frozen(session, session.get_one(Visit, visit_id).form_version_id)
    asked = next((each for each in form.fields() if each.key == field), None) if form is not None else None
    return limits_for(asked) if asked is not None else None


VISIT_FILES = FileKind(
    subject=SUBJECT, may_read=_may_read, may_write=_may_write, read_permission="visit.attach",
    write_permission="visit.attach", limits_of=_limits_of,
)  # fmt: skip


def files_of(session: Session, visit_id: UUID) -> dict[str, list[AttachedFile]]:
    """All files of a visit, by field."""
    return list_by_field(session, SUBJECT, visit_id)


def missing_from(session: Session, visit: Visit, body: RecordIn) -> dict[str, str]:
    """What a record names and has not arrived, by path."""
    files = files_of(session, visit.id)
    missing = missing_files(find_frozen(session, visit.form_version_id), body.answers, files)
    for number, finding in enumerate(body.findings):
        if not set(finding.photos) <= _ids(files, finding_field(finding.id)):
            missing[f"findings.{number}.photos"] = "有照片没有传上来，请重新选"
    for number, signed in enumerate(body.signatures):
        is_drawn = signed.way is SignedBy.DRAWN
        if is_drawn and signed.file_id not in _ids(files, f"sign.{signed.side}"):
            missing[f"signatures.{number}.file_id"] = "签名没有传上来，请重新签"
    return missing


def _ids(files: Files, field: str) -> set[UUID | None]:
    return {file.id for file in files.get(field, ())}
