"""The table of files."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum
from server.kit.files.rules import MAX_FIELD, MAX_SUBJECT, PICTURES


class FileState(StrEnum):
    RECEIVED = "received"  # a picture whose display copy is to be made
    READY = "ready"
    DAMAGED = "damaged"  # kept as it came, but cannot be shown


class AttachedFile(Base):
    """A file of a row of the slice that declares its kind. Copies made for another row share the stored object."""

    __tablename__ = "attached_files"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # made by the client, so that sending twice keeps once
    subject: Mapped[str] = mapped_column(String(MAX_SUBJECT))  # of a FileKind
    subject_id: Mapped[UUID]  # the row, in the table of the kind's slice
    field: Mapped[str] = mapped_column(String(MAX_FIELD), default="", server_default="")  # of a form, by its path
    position: Mapped[int]
    uploaded_by_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(100))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[FileState] = mapped_column(named_enum(FileState, "state"))
    object_id: Mapped[UUID]  # the upload that brought it; names the stored objects, see serving/keys.py
    width: Mapped[int | None]  # of a picture, held upright once it is ready
    height: Mapped[int | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("position >= 0", name="position_not_negative"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        Index("ix_attached_files_subject", "subject", "subject_id", "position"),
        Index("ix_attached_files_object_id", "object_id"),
        Index("ix_attached_files_uploaded_by_id", "uploaded_by_id"),
    )

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES

    @property
    def is_shown(self) -> bool:
        """Whether there is a display copy and a thumbnail."""
        return self.is_picture and self.state is FileState.READY
