"""What a slice declares of the files of its rows, and which types there are. Needs no database of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.slice import declared
from server.kit.files.content.refusals import UnknownField
from server.unions.actor import Actor

MEGABYTE = 1024 * 1024
MAX_SUBJECT, MAX_FIELD = 30, 60

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
PDF = "application/pdf"
DOCX, XLSX, PPTX = (
    f"{_OPEN_XML}{kind}" for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")
)
DOC, XLS = "application/msword", "application/vnd.ms-excel"

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    "image/heic": (".heic",),
    "image/heif": (".heif", ".heic"),
    PDF: (".pdf",),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
    PPTX: (".pptx",),
    DOC: (".doc",),
    XLS: (".xls",),
}
"""Every type that can be kept, with the endings of its names; the first is put behind a name that has another."""

PICTURES = frozenset(each for each in EXTENSIONS if each.startswith("image/"))
DOCUMENTS = frozenset(EXTENSIONS) - PICTURES
ANYTHING = PICTURES | DOCUMENTS
NAMES: dict[str, frozenset[str]] = {
    "图片": PICTURES,
    "PDF": frozenset({PDF}),
    "Word": frozenset({DOC, DOCX}),
    "Excel": frozenset({XLS, XLSX}),
    "PPT": frozenset({PPTX}),
}
"""What people call them."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What one field of a row takes: how many files, of what size and types."""

    most: int = 20
    max_bytes: int = 20 * MEGABYTE
    media_types: frozenset[str] = ANYTHING

    @property
    def endings(self) -> list[str]:
        """Of the names of what may be chosen: for a browser's dialog."""
        return sorted({ending for each in self.media_types for ending in EXTENSIONS[each]})

    @property
    def names(self) -> str:
        """What may be chosen, as people call it."""
        return "、".join(name for name, types in NAMES.items() if types & self.media_types)


class MayRead(Protocol):
    """Whether the actor may see the files of that row, as `read_permission` lets them."""

    def __call__(self, session: Session, subject_id: UUID, actor: Actor) -> bool: ...


class MayWrite(Protocol):
    """Whether the actor may add and remove files of that row now. False: it is not theirs, they are told no more. An
    AppError says why not.

    Asked before the body is read, and again with `lock` in the transaction that changes something: then the row is to
    be locked until its end, so that the answer still holds when it commits.
    """

    def __call__(self, session: Session, subject_id: UUID, actor: Actor, *, lock: bool) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """Rows that may have files. `subject` is what the audit log calls them.

    The actor that `may_read` and `may_write` get has those roles alone that carry the permission named here. `limits`
    hold for each field; where fields differ, `limits_of` gives those of one, None where there is no such field.
    """

    subject: str
    may_read: MayRead
    may_write: MayWrite
    read_permission: str
    write_permission: str
    limits: FileLimits = FileLimits()
    limits_of: Callable[[Session, UUID, str], FileLimits | None] | None = None

    def limits_at(self, session: Session, subject_id: UUID, field: str) -> FileLimits:
        """Of one field. Raises UnknownField."""
        found = self.limits if self.limits_of is None else self.limits_of(session, subject_id, field)
        if found is None:
            raise UnknownField
        return found


def find_kind(subject: str) -> FileKind | None:
    """What a slice declares for rows of that name."""
    return next((kind for kind in declared().files if kind.subject == subject), None)
