"""The files of documents: made once from the frozen words and kept in the object store."""

import json
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from server.core.clock import day_of
from server.core.storage.base import ObjectMissing, ObjectStore
from server.kit.documents.models import Document
from server.kit.documents.papers.kinds import PHOTOS, Paper, kind_called, render
from server.photos.pictures.keys import Variant, derived_key

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


def file_key(document_id: UUID, form: str) -> str:
    """Where a document's file lies; `form` is docx or pdf."""
    return f"documents/{document_id}.{form}"


def paper_of(document: Document) -> Paper:
    """What the document says, without its pictures."""
    return Paper(json.loads(document.words), document.number, day_of(document.issued_at))


def with_pictures(store: ObjectStore, paper: Paper) -> Paper:
    """The same with its pictures. A photo that has gone meanwhile is left out."""
    shown = {}
    for photo in (each for name in PHOTOS for each in paper.words.get(name, ())):
        try:
            with store.open(derived_key(UUID(photo["id"]), Variant.DISPLAY)) as picture:
                shown[photo["id"]] = picture.read()
        except ObjectMissing:
            continue
    return replace(paper, pictures=shown)


def open_docx(store: ObjectStore, document: Document) -> BinaryIO:
    """The Word file as it was made first. Two who make it at once make the same. Raises StorageError."""
    key = file_key(document.id, "docx")
    try:
        return store.open(key)
    except ObjectMissing:
        content = render(kind_called(document.kind), [with_pictures(store, paper_of(document))])
        store.put_bytes(key, content, DOCX)
        return BytesIO(content)
