"""What a slice declares of a kind of document, and how its words become a Word file."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from server.core.slice import declared
from server.kit.documents.papers.layout import blank_document, break_page

PHOTOS = ("photos", "after")
"""Where a paper's words hold photos: those of before, those of after."""
DRAWN = "drawn"
"""Where a paper's words hold what people drew, such as signatures: attached files, each with its `id` (that of its
object) and the `name` of whoever drew it."""
FIXED = (1980, 1, 1, 0, 0, 0)
"""The time of every part of a file, so that the same words make the same bytes."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is to be written: the frozen words (plain JSON), and what came with the issue. Without a number it is a
    draft.

    Photos stand in the words under the names of PHOTOS, each with its `id`, and drawings under DRAWN; `pictures` holds
    them by id, as JPEG (a drawing perhaps as PNG), where they can be shown.
    """

    words: Mapping[str, Any]
    number: str | None = None
    issued_on: date | None = None
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    def pictures_of(self, name: str) -> list[bytes]:
        """The photos under one of the names of PHOTOS that can be shown."""
        return [self.pictures[each["id"]] for each in self.words.get(name, ()) if each["id"] in self.pictures]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentKind:
    """A kind of document, declared in its slice's `slice.py`.

    `write(document, paper)` adds one to a python-docx document; `subject_type` and `downloaded` are what the audit log
    calls its owner and a download.
    """

    name: str
    title: str
    subject_type: str
    downloaded: str
    write: Callable[[Any, Paper], None]


def kind_called(name: str) -> DocumentKind:
    """The kind of that name. Raises LookupError."""
    for kind in declared().documents:
        if isinstance(kind, DocumentKind) and kind.name == name:
            return kind
    raise LookupError(name)


def freeze(words: Mapping[str, Any]) -> str:
    """Words as they are kept: the same words are the same text."""
    return json.dumps(words, ensure_ascii=False, sort_keys=True)


def hash_paper(frozen: str, number: str, issued_on: date) -> str:
    """SHA-256 of everything that the document says."""
    return hashlib.sha256(f"{frozen}\n{number}\n{issued_on.isoformat()}".encode()).hexdigest()


def render(kind: DocumentKind, papers: Iterable[Paper]) -> bytes:
    """The .docx of one paper, or of several, each from a page of its own."""
    document = blank_document()
    for number, paper in enumerate(papers):
        if number:
            break_page(document)
        kind.write(document, paper)
    content = BytesIO()
    document.save(content)
    return _without_times(content)


def _without_times(content: BytesIO) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(content) as parts, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in parts.infolist():
            copy.writestr(zipfile.ZipInfo(part.filename, FIXED), parts.read(part), zipfile.ZIP_DEFLATED)
    return target.getvalue()
