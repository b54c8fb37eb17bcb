"""What a slice declares of a workbook about one thing, and what somebody asked to have written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.core.sheets import Sheet
from server.core.slice import declared
from server.unions.actor import Actor


def _nothing(_session: Session, _subject_id: UUID, _rows: int, _actor: Actor, _now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A workbook about one thing, declared in its slice's `slice.py`.

    `count` says how many rows it has at most, and raises what stands in the way of having it; `sheets` gives it as the
    actor may see it, the long one first: a job asks for it again, with what the actor may see then. `file_name` is what
    it is called as a file, `href` leads back to the thing. `note` puts a download on record, beside what the kit does.
    """

    name: str
    title: str
    count: Callable[[Session, UUID, Actor, datetime], int]
    sheets: Callable[[Session, UUID, Actor, datetime], Sequence[Sheet[Any]]]
    file_name: Callable[[Session, UUID], str]
    href: Callable[[UUID], str]
    note: Callable[[Session, UUID, int, Actor, datetime], None] = _nothing


@dataclass(frozen=True, slots=True)
class AskedBook:
    """What somebody asked to have written: which book, about what."""

    book_name: str
    subject_id: UUID

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """As a row of the database keeps it."""
        return cls(kept["book"], UUID(kept["subject"]))

    def to_kept(self) -> dict[str, Any]:
        """For a row of the database."""
        return {"book": self.book_name, "subject": str(self.subject_id)}

    @property
    def book(self) -> Book:
        """Raises NotFound for one that no slice declares."""
        for each in declared().books:
            if isinstance(each, Book) and each.name == self.book_name:
                return each
        raise NotFound
