"""Tables of photos."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    Uuid,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class PhotoState(StrEnum):
    AWAITED = "awaited"  # declared in the manifest, not here yet
    RECEIVED = "received"  # the original is kept; derivatives are to be made
    READY = "ready"  # derivatives are there
    DAMAGED = "damaged"  # kept as it came, but cannot be shown


class PhotoPurpose(StrEnum):
    """Why a photo was taken."""

    REPORT = "report"  # came with the submission
    ANSWER = "answer"  # came with the reporter's answer to a question
    AFTER = "after"  # shows what was rectified or carried out
    REOPEN = "reopen"  # shows that it was not


class Photo(Base):
    """A photo of a submission, or a short video among its photos, from the moment it is declared."""

    __tablename__ = "photos"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(Uuid())  # a foreign key: the wing above binds it
    owner_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"))
    position: Mapped[int]
    purpose: Mapped[PhotoPurpose] = mapped_column(
        named_enum(PhotoPurpose, "purpose"), default=PhotoPurpose.REPORT, server_default="report"
    )
    batch_id: Mapped[UUID | None]  # the answer or the like that brought it; None: the submission itself
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    is_video: Mapped[bool] = mapped_column(default=False, server_default=false())
    seconds: Mapped[float | None]  # how long a video that is here lasts
    state: Mapped[PhotoState] = mapped_column(named_enum(PhotoState, "state"))
    media_type: Mapped[str | None] = mapped_column(String(20))
    width: Mapped[int | None]
    height: Mapped[int | None]
    received_at: Mapped[datetime | None]
    object_id: Mapped[UUID | None]  # the upload that brought it; names the original's object, see keys.py

    taken_at: Mapped[datetime | None]  # EXIF
    latitude: Mapped[float | None]  # EXIF, WGS-84
    longitude: Mapped[float | None]
    device: Mapped[str | None] = mapped_column(String(100))
    # What whoever took it drew on it before sending it, as the phone says.
    # Of one with faces or plates blurred no original follows.
    is_blurred: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_marked: Mapped[bool] = mapped_column(default=False, server_default=false())  # arrows, circles
    is_stamped: Mapped[bool] = mapped_column(default=False, server_default=false())  # time and place written on it
    fingerprint: Mapped[int | None] = mapped_column(BigInteger)  # perceptual hash, 64 bits, as a signed integer

    __table_args__ = (
        UniqueConstraint("submission_id", "position"),
        CheckConstraint("position >= 0", name="position_not_negative"),
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("(state = 'awaited') = (received_at IS NULL)", name="received_when_here"),
        CheckConstraint("(state = 'awaited') = (object_id IS NULL)", name="object_when_here"),
        CheckConstraint("state = 'awaited' OR media_type IS NOT NULL", name="media_type_when_here"),
        Index("ix_photos_owner_id", "owner_id"),
    )


class OriginalState(StrEnum):
    KEPT = "kept"  # on the phone, which will send it
    RECEIVED = "received"  # here; to be compared with the copy
    MATCHED = "matched"  # here, and it is what the copy was made of
    DIFFERS = "differs"  # another picture came, and was not kept


class PhotoOriginal(Base):
    """What a photo was made of that the phone made smaller, to send it first. Without a row it is as it was taken."""

    __tablename__ = "photo_originals"

    photo_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[OriginalState] = mapped_column(named_enum(OriginalState, "state"))
    size: Mapped[int]  # as declared
    sha256: Mapped[str | None] = mapped_column(String(64))  # as declared; None: the phone could not say
    wanted_at: Mapped[datetime | None]  # since when a union waits for it
    object_id: Mapped[UUID | None]  # the upload that brought it
    media_type: Mapped[str | None] = mapped_column(String(20))
    width: Mapped[int | None]
    height: Mapped[int | None]
    received_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("size > 0", name="size_positive"),
        CheckConstraint("(state IN ('kept', 'differs')) = (object_id IS NULL)", name="object_when_here"),
        CheckConstraint("(object_id IS NULL) = (received_at IS NULL)", name="received_when_here"),
        CheckConstraint("object_id IS NULL OR media_type IS NOT NULL", name="media_type_when_here"),
    )


class PhotoPrint(Base):
    """What copies of a photo are found by: its striking spots, each with a sketch of 64 bits.

    The number grows with every row, so that a worker reads only what it has not got yet.
    """

    __tablename__ = "photo_prints"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
    photo_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("photos.id", ondelete="CASCADE"), unique=True)
    sketches: Mapped[bytes] = mapped_column(LargeBinary)  # 16 bytes per spot, as fingerprints.py packs them

    __table_args__ = ({"sqlite_autoincrement": True},)  # a number is never given twice


class Likeness(StrEnum):
    """How a photo resembles another one."""

    SAME_FILE = "same_file"
    COPY = "copy"  # cropped, resized, compressed again, turned a little
    MIRRORED = "mirrored"


class PhotoCopy(Base):
    """Two photos, one of which was made from the other. The smaller id comes first, so that there is one row."""

    __tablename__ = "photo_copies"

    photo_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(
        Uuid(), ForeignKey("photos.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    likeness: Mapped[Likeness] = mapped_column(named_enum(Likeness, "likeness"))
    spots: Mapped[int]  # that fit together in one move, turn and scale; 0 where the files are the same
    found_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("photo_id < other_id", name="smaller_first"),)
