"""Photos and files of an answer: those of the draft, and those of each answer that was sent, which nobody takes away.

An answer names files by their ids. What is sent gets copies of its own, so that the draft's may go when it is
corrected.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.queries import form_for, get_recipient
from server.assignments.forms.schemas import MOST_PHOTOS, CheckField, Definition, Field, FileField, PhotoField
from server.assignments.responses.models import ResponseVersion
from server.assignments.responses.queries import Task, answers_for
from server.assignments.responses.schemas import FORMLESS
from server.assignments.responses.workflow import RECIPIENT_WORKFLOW, M
from server.core import clock
from server.core.errors import NotFound
from server.kit.files.actions import copy_files
from server.kit.files.models import AttachedFile
from server.kit.files.queries import list_files
from server.kit.files.rules import ANYTHING, PICTURES, FileKind, FileLimits
from server.kit.workflow import find_refusal
from server.unions.actor import Actor
from server.unions.scans.queries import as_reviewer

DRAFT, SENT = "response", "response_version"
MOST_BESIDE = 9  # files beside a form, or instead of one
Files = Mapping[str, AttachedFile]
"""By id, as answers name them."""


def _may_read(session: Session, subject_id: UUID, actor: Actor) -> bool:
    """Drafts are the union's own."""
    officer = as_reviewer(session, actor) if actor.is_worker else actor
    try:
        return answers_for(officer, get_recipient(session, subject_id, officer))
    except NotFound:
        return False


def _may_write(session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
    """Whoever may send the answer; else they are told why not."""
    if not _may_read(session, subject_id, actor):
        return False
    officer = as_reviewer(session, actor) if actor.is_worker else actor
    row = (RECIPIENT_WORKFLOW.lock if lock else get_recipient)(session, subject_id, officer)
    context = RECIPIENT_WORKFLOW.context(session, row, actor=officer, now=clock.now())
    if (refusal := find_refusal(RECIPIENT_WORKFLOW, RECIPIENT_WORKFLOW.find(M.SUBMIT), context)) is not None:
        raise refusal
    return True


def _may_read_sent(session: Session, subject_id: UUID, actor: Actor) -> bool:
    """Whoever may see what was sent."""
    officer = as_reviewer(session, actor) if actor.is_worker else actor
    version = session.get(ResponseVersion, subject_id)
    try:
        return version is not None and get_recipient(session, version.recipient_id, officer) is not None
    except NotFound:
        return False


def _never(session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool:
    return False


def _limits_of(session: Session, recipient_id: UUID, field: str) -> FileLimits | None:
    row = get_recipient(session, recipient_id, None)
    form = form_for(session, session.get_one(Assignment, row.assignment_id), row)
    if field == FORMLESS:
        return BESIDE
    asked = next((each for each in form.fields() if each.key == field), None) if form is not None else None
    return limits_for(asked) if asked is not None else None


BESIDE = FileLimits(most=MOST_BESIDE, media_types=ANYTHING)
ANSWER_FILES = FileKind(
    subject=DRAFT, may_read=_may_read, may_write=_may_write, read_permission="task.attach",
    write_permission="task.attach", limits_of=_limits_of,
)  # fmt: skip
SENT_FILES = FileKind(
    subject=SENT, may_read=_may_read_sent, may_write=_never, read_permission="task.attach",
    write_permission="task.attach",
)  # fmt: skip


def limits_for(asked: Field) -> FileLimits | None:
    """What a field takes; None for one that takes no files."""
    match asked:
        case PhotoField():
            return FileLimits(most=asked.most, media_types=PICTURES)
        case FileField():
            return FileLimits(most=asked.most, media_types=ANYTHING)
        case CheckField():
            return FileLimits(most=MOST_PHOTOS, media_types=PICTURES)
    return None


def list_by_field(session: Session, subject: str, subject_id: UUID) -> dict[str, list[AttachedFile]]:
    """The files of a draft, or of what was sent, by the key of their field."""
    by_field: dict[str, list[AttachedFile]] = {}
    for file in list_files(session, subject, [subject_id])[subject_id]:
        by_field.setdefault(file.field, []).append(file)
    return by_field


def name_files(form: Definition, answers: dict[str, Any], files: Mapping[str, Sequence[AttachedFile]]) -> None:
    """Put into posted answers the files that were added beside them: pages post none."""
    for asked in form.fields():
        ids = [str(file.id) for file in files.get(asked.key, ())]
        if isinstance(asked, PhotoField | FileField) and ids:
            answers[asked.key] = ids
        elif isinstance(asked, CheckField) and ids:
            answers[asked.key] = {**answers.get(asked.key, {}), "photos": ids}


def named_files(form: Definition | None, answers: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Each field that names files, with their ids."""
    for asked in form.fields() if form is not None else ():
        value = answers.get(asked.key)
        if value and isinstance(asked, PhotoField | FileField):
            yield asked.key, value
        elif value and isinstance(asked, CheckField):
            yield asked.key, value.get("photos") or []


def missing_files(
    form: Definition | None, answers: Mapping[str, Any], files: Mapping[str, Sequence[AttachedFile]]
) -> dict[str, str]:
    """What is wrong where an answer names a file that is not there, or that belongs to another field."""
    known = {key: {str(file.id) for file in those} for key, those in files.items()}
    return {
        key: "有照片或文件没有传上来，请重新选"
        for key, ids in named_files(form, answers) if not set(ids) <= known.get(key, set())
    }  # fmt: skip


def renamed(form: Definition | None, answers: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The answers with other names for their files."""
    changed = dict(answers)
    for key, ids in named_files(form, answers):
        others = [names.get(each, each) for each in ids]
        changed[key] = {**answers[key], "photos": others} if isinstance(answers[key], dict) else others
    return changed


def freeze_files(
    session: Session, recipient_id: UUID, version_id: UUID, form: Definition | None, answers: Mapping[str, Any],
    *, now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """Give what is sent copies of the files that it names, and of those beside it; the answers, naming the copies."""
    fields = {FORMLESS, *(key for key, ids in named_files(form, answers) if ids)}
    originals = [each for each in list_files(session, DRAFT, [recipient_id])[recipient_id] if each.field in fields]
    if not originals:
        return dict(answers)
    copies = copy_files(session, DRAFT, recipient_id, SENT, version_id, now=now, fields=fields)
    names = {str(before.id): str(after.id) for before, after in zip(originals, copies, strict=True)}
    return renamed(form, answers, names)


def list_sent(
    session: Session, task: Task, version: ResponseVersion | None = None
) -> dict[str, list[AttachedFile]]:  # fmt: skip
    """The files of what was sent, then or last, by field; of the draft where nothing was."""
    sent = version or task.last
    if sent is not None:
        return list_by_field(session, SENT, sent.id)
    return list_by_field(session, DRAFT, task.row.id) if task.draft is not None else {}


def digests(files: Mapping[str, Sequence[AttachedFile]]) -> dict[str, str]:
    """What each file holds, by its id: copies are the same."""
    return {str(file.id): file.sha256 for those in files.values() for file in those}
