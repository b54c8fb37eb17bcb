"""Reads of files."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.kit.files.models import AttachedFile


def list_files(session: Session, subject: str, subject_ids: Collection[UUID]) -> dict[UUID, list[AttachedFile]]:
    """The files of each row by position; every id asked for is a key. One statement."""
    found: dict[UUID, list[AttachedFile]] = {subject_id: [] for subject_id in subject_ids}
    if found:
        those = select(AttachedFile).where(AttachedFile.subject == subject, AttachedFile.subject_id.in_(found))
        for file in session.scalars(those.order_by(AttachedFile.subject_id, AttachedFile.position, AttachedFile.id)):
            found[file.subject_id].append(file)
    return found


def find_file(session: Session, file_id: UUID) -> AttachedFile | None:
    """One of them."""
    return session.get(AttachedFile, file_id)


def count_files(session: Session, subject: str, subject_id: UUID, field: str | None = None) -> int:
    """How many a row has, or one field of it."""
    those = select(func.count()).where(AttachedFile.subject == subject, AttachedFile.subject_id == subject_id)
    return session.scalar(those if field is None else those.where(AttachedFile.field == field)) or 0


def next_position(session: Session, subject: str, subject_id: UUID) -> int:
    """The position after a row's last file."""
    last = select(func.max(AttachedFile.position)).where(
        AttachedFile.subject == subject, AttachedFile.subject_id == subject_id
    )
    found = session.scalar(last)
    return 0 if found is None else found + 1


def is_object_kept(session: Session, object_id: UUID) -> bool:
    """Whether a row still points at that stored object."""
    return session.scalar(select(AttachedFile.id).where(AttachedFile.object_id == object_id).limit(1)) is not None
