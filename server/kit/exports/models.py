"""Table of long sheets, and files of several papers, that a job writes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class ExportState(StrEnum):
    """What has become of it."""

    WRITING = "writing"
    READY = "ready"
    FAILED = "failed"


class ListExport(Base):
    """A list as somebody filtered it, as a sheet to be fetched until it expires; papers of rows picked from it; or a
    book, by whose name it is then called.

    `query` holds a searched name only until the sheet is written. `roles` are those that the list's permission lent
    them when they asked: the sheet reaches no further, and whoever has lost one of them cannot fetch it any more.
    """

    __tablename__ = "list_exports"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id", ondelete="CASCADE"), index=True)
    list_name: Mapped[str] = mapped_column(String(30))
    query: Mapped[str] = mapped_column(String(1000))
    roles: Mapped[dict[str, Any]]  # role@union: level
    papers: Mapped[dict[str, Any] | None]  # see papers.sets.PickedPapers, books.declared.AskedBook; None: of a list
    state: Mapped[ExportState] = mapped_column(named_enum(ExportState, "export_state"))
    written: Mapped[int] = mapped_column(default=0)  # rows so far
    total: Mapped[int | None]  # None until counted, or where a count would tell too much
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (CheckConstraint("written >= 0", name="written_not_negative"),)
