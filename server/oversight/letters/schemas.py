"""What the pages of letters post and ask for."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import Day, In, Line, Prose
from server.kit.documents.texts import DocumentMark
from server.oversight.letters.models import LetterKind

Short = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Words = Annotated[Prose, StringConstraints(min_length=1, max_length=5000)]


class LetterIn(In):
    """The words of a letter, all of them still open while it is a draft."""

    kind: LetterKind
    addressee_id: UUID
    addressee_name: Short
    mark: Annotated[DocumentMark, StringConstraints(min_length=1)]
    subject: Short
    body: Words
    reply_days: Annotated[int, Field(ge=1, le=60)] = 10


class VersionIn(In):
    """Which version the page showed."""

    version: int


class EditIn(LetterIn, VersionIn):
    """Other words for a draft."""


class ReplyIn(VersionIn):
    """The enterprise's own answer."""

    reply: Words
    replied_by: Annotated[Line, StringConstraints(min_length=1, max_length=50)]


class PaperReplyIn(ReplyIn):
    """An answer that came on paper, on that day."""

    replied_on: Day


class WithdrawIn(VersionIn):
    """Why it is taken back."""

    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]


class NewQuery(In):
    """What a new letter starts from."""

    kind: LetterKind = LetterKind.NOTICE
    rectification: UUID | None = None
    addressee: UUID | None = None
