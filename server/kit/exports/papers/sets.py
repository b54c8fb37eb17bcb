"""What a slice declares of papers that are made of many rows at once, and what somebody asked to have made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.slice import declared
from server.kit.documents.files.store import DOCX, PDF
from server.kit.documents.papers.kinds import DocumentKind, Paper
from server.unions.actor import Actor


class PaperForm(StrEnum):
    """What file they become."""

    DOCX = "docx"
    PDF = "pdf"


MEDIA_TYPES = {PaperForm.DOCX: DOCX, PaperForm.PDF: PDF}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperSet:
    """Papers of one kind, declared in its slice's `slice.py`.

    `read` gives those of the rows with these ids that the actor may see, in the order of the file, without pictures;
    by a job it is asked again, with what the actor may see then.
    """

    name: str
    kind: DocumentKind
    read: Callable[[Session, Actor, Sequence[UUID], datetime], Sequence[Paper]]


@dataclass(frozen=True, slots=True)
class PickedPapers:
    """What somebody asked to have made: of which set, of which rows, in which form."""

    set_name: str
    form: PaperForm
    row_ids: tuple[UUID, ...]

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """As a row of the database keeps it."""
        return cls(kept["set"], PaperForm(kept["form"]), tuple(UUID(each) for each in kept["ids"]))

    def to_kept(self) -> dict[str, Any]:
        """For a row of the database."""
        return {"set": self.set_name, "form": self.form.value, "ids": [str(each) for each in self.row_ids]}

    @property
    def set(self) -> PaperSet:
        """Raises NotFound for one that no slice declares."""
        for each in declared().paper_sets:
            if isinstance(each, PaperSet) and each.name == self.set_name:
                return each
        raise NotFound
