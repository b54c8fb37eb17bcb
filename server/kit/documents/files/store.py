"""The files of documents: made once from the frozen words and kept in the object store."""

import json
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from server.core.clock import day_of
from server.core.slice import STRUCK
from server.core.storage.base import ObjectMissing, ObjectStore
from server.kit.documents.models import Document
from server.kit.documents.papers.kinds import DRAWN, PHOTOS, Paper, kind_called, render
from server.kit.files.serving.keys import object_key
from server.photos.pictures.keys import Variant, derived_key

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
PRINTABLE = (b"\x89PNG", b"\xff\xd8")  # how files begin that a Word file takes


def file_key(document_id: UUID, form: str) -> str:
    """Where a document's file lies; `form` is docx or pdf."""
    return f"documents/{document_id}.{form}"


def paper_of(document: Document) -> Paper:
    """What the document says, without its pictures."""
    return Paper(json.loads(document.words), document.number, day_of(document.issued_at))


def with_pictures(store: ObjectStore, paper: Paper) -> Paper:
    """The same with its pictures. A photo that has gone meanwhile is left out, and the hand of whoever was erased."""
    shown = {}
    for photo in (each for name in PHOTOS for each in paper.words.get(name, ())):
        try:
            with store.open(derived_key(UUID(photo["id"]), Variant.DISPLAY)) as picture:
                shown[photo["id"]] = picture.read()
        except ObjectMissing:
            continue
    for drawing in paper.words.get(DRAWN, ()):
        if STRUCK not in drawing["name"] and (content := _read_drawing(store, UUID(drawing["id"]))) is not None:
            shown[drawing["id"]] = content
    return replace(paper, pictures=shown)


def _read_drawing(store: ObjectStore, object_id: UUID) -> bytes | None:
    """What was drawn; as it came, while its display copy is not made yet."""
    for variant in (Variant.DISPLAY, Variant.ORIGINAL):
        try:
            with store.open(object_key(object_id, variant)) as picture:
                content = picture.read()
        except ObjectMissing:
            continue
        if content.startswith(PRINTABLE):
            return content
    return None


def open_docx(store: ObjectStore, document: Document) -> BinaryIO:
    """The Word file as it was made first. Two who make it at once make the same. Raises StorageError."""
    key = file_key(document.id, "docx")
    try:
        return store.open(key)
    except ObjectMissing:
        content = render(kind_called(document.kind), [with_pictures(store, paper_of(document))])
        store.put_bytes(key, content, DOCX)
        return BytesIO(content)
