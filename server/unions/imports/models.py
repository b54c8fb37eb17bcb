"""Table of imports that wait for a yes."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from server.core.db import Base, named_enum


class ImportKind(StrEnum):
    """What a sheet lists."""

    UNIONS = "unions"
    PEOPLE = "people"


class ImportDraft(Base):
    """The rows of an uploaded sheet, until they are taken over; removed after a day."""

    __tablename__ = "import_drafts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(Uuid(), ForeignKey("people.id"), index=True)
    kind: Mapped[ImportKind] = mapped_column(named_enum(ImportKind, "kind"))
    rows: Mapped[list[Any]]  # [row number, {field: text}], as read from the sheet
    created_at: Mapped[datetime] = mapped_column(index=True)
    committed_at: Mapped[datetime | None]
