"""Writes of files. None of them asks who may: the doors and the slices do."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.core.jobs.actions import enqueue
from server.kit.files.content.refusals import too_many
from server.kit.files.models import AttachedFile, FileState
from server.kit.files.queries import count_files, next_position
from server.kit.files.rules import PICTURES, FileKind
from server.kit.files.upload.storing import StoredFile
from server.unions.actor import Actor

DERIVE_JOB, REMOVE_JOB, STRIP_JOB = "files.make_derivatives", "files.remove_objects", "files.strip_original"
DIFFERS = "这个编号的文件已经传过，内容不一样，请重新选择再传。"


def keep_file(
    session: Session,
    kind: FileKind,
    subject_id: UUID,
    stored: StoredFile,
    *,
    file_id: UUID,
    field: str = "",
    actor: Actor,
    now: datetime,
) -> AttachedFile:
    """Note that a row has a file, which lies in the store. The row is locked by whoever calls.

    A known id with the same content gives what is there (whose `object_id` is then another than that of `stored`).
    Raises Conflict `content_differs`; Invalid for one too many, or a field that there is not.
    """
    known = session.get(AttachedFile, file_id)
    if known is None:
        limits = kind.limits_at(session, subject_id, field)
        if count_files(session, kind.subject, subject_id, field) >= limits.most:
            raise too_many(limits.most)
        file = _new(session, kind, subject_id, stored, file_id=file_id, field=field, actor=actor, now=now)
        known = _insert(session, file)
    return require_same(known, kind.subject, subject_id, field, stored.sha256)


def require_same(known: AttachedFile, subject: str, subject_id: UUID, field: str, sha256: str) -> AttachedFile:
    """The file, if an upload with its id brings it again. Raises Conflict."""
    if (known.subject, known.subject_id, known.field, known.sha256) != (subject, subject_id, field, sha256):
        raise Conflict(DIFFERS, code="content_differs")
    return known


def _new(
    session: Session, kind: FileKind, subject_id: UUID, stored: StoredFile,
    *, file_id: UUID, field: str, actor: Actor, now: datetime,
) -> AttachedFile:  # fmt: skip
    return AttachedFile(
        id=file_id, subject=kind.subject, subject_id=subject_id, field=field,
        position=next_position(session, kind.subject, subject_id), uploaded_by_id=actor.person_id, name=stored.name,
        media_type=stored.media_type, size=stored.size, sha256=stored.sha256, object_id=stored.object_id,
        width=stored.width, height=stored.height, created_at=now,
        state=FileState.RECEIVED if stored.media_type in PICTURES else FileState.READY,
    )  # fmt: skip


def _insert(session: Session, file: AttachedFile) -> AttachedFile:
    """The row; that of another upload with the same id if it was faster."""
    file_id, object_id, is_picture = file.id, file.object_id, file.is_picture
    try:
        with session.begin_nested():
            session.add(file)
    except IntegrityError:
        return session.get_one(AttachedFile, file_id)
    if is_picture:
        enqueue(session, DERIVE_JOB, object_id=object_id)
    return file


def remove_file(session: Session, file: AttachedFile, *, actor: Actor, now: datetime) -> None:
    """Take a file off its row. On record; a job removes what is stored, unless another row has it too."""
    record(
        session, "file.removed", subject_type=file.subject, subject_id=file.subject_id, actor_id=actor.person_id,
        at=now, detail={"file_id": str(file.id), "sha256": file.sha256},
    )  # fmt: skip
    session.delete(file)
    session.flush()
    enqueue(session, REMOVE_JOB, object_id=file.object_id)


def drop_files(session: Session, subject: str, subject_ids: Collection[UUID]) -> int:
    """Forget the files of rows that are to go. Returns how many."""
    if not subject_ids:
        return 0
    those = session.scalars(_of(subject, AttachedFile.subject_id.in_(subject_ids))).all()
    for file in those:
        session.delete(file)
    session.flush()
    for object_id in {file.object_id for file in those}:
        enqueue(session, REMOVE_JOB, object_id=object_id)
    return len(those)


def copy_files(
    session: Session,
    from_subject: str,
    from_id: UUID,
    to_subject: str,
    to_id: UUID,
    *,
    now: datetime,
    fields: Collection[str] | None = None,
    into: str | None = None,
) -> list[AttachedFile]:
    """Give another row the same files, in the same order, under ids of their own; of some fields, or of all. `into`:
    the one field that they are of there, which takes nothing that it has already.

    What is stored is shared. The rows that are copied stay locked to the transaction's end, so that none of them goes
    meanwhile and takes with it what is stored.
    """
    first = next_position(session, to_subject, to_id)
    those = session.scalars(_of(from_subject, AttachedFile.subject_id == from_id)).all()
    wanted = [file for file in those if fields is None or file.field in fields]
    if into is not None:
        there = select(AttachedFile.sha256).where(
            AttachedFile.subject == to_subject, AttachedFile.subject_id == to_id, AttachedFile.field == into
        )
        known = set(session.scalars(there))
        wanted = [file for file in wanted if file.sha256 not in known]
    copies = [_copy(file, to_subject, to_id, position, into, now) for position, file in enumerate(wanted, first)]
    session.add_all(copies)
    session.flush()
    for file in copies:
        if file.state is FileState.RECEIVED:  # its job may have looked already
            enqueue(session, DERIVE_JOB, object_id=file.object_id)
    return copies


def _copy(
    file: AttachedFile, subject: str, subject_id: UUID, position: int, field: str | None, now: datetime
) -> AttachedFile:
    return AttachedFile(
        id=ids.new_id(), subject=subject, subject_id=subject_id, position=position,
        field=file.field if field is None else field,
        uploaded_by_id=file.uploaded_by_id, name=file.name, media_type=file.media_type, size=file.size,
        sha256=file.sha256, state=file.state, object_id=file.object_id, width=file.width, height=file.height,
        created_at=now,
    )  # fmt: skip


def strip_pictures(session: Session, person_id: UUID) -> None:
    """Have the originals of a person's pictures replaced by what carries nothing of camera or place."""
    theirs = select(AttachedFile.object_id).where(
        AttachedFile.uploaded_by_id == person_id, AttachedFile.media_type.in_(PICTURES)
    )
    for object_id in session.scalars(theirs.distinct()).all():
        enqueue(session, STRIP_JOB, object_id=object_id)


def _of(subject: str, those: ColumnElement[bool]) -> Select[AttachedFile]:
    """Locked, in their order."""
    return (
        select(AttachedFile)
        .where(AttachedFile.subject == subject, those)
        .order_by(AttachedFile.subject_id, AttachedFile.position, AttachedFile.id)
        .with_for_update()
    )
