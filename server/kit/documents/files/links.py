"""Links to the files of documents, for phones: whoever has one may open it for a while, and needs nothing else. It says
to whom it was given, which the record of the download keeps."""

from datetime import datetime
from typing import cast
from uuid import UUID

from flask import current_app

from server.core.settings import Settings
from server.core.web.signatures import is_genuine, sign
from server.kit.documents.models import Document
from server.kit.documents.schemas import PaperOut
from server.photos.pictures.links import period

PURPOSE = "paper-link/1"
NAMES = {"docx": "Word", "pdf": "PDF"}


def describe_papers(document: Document | None, person_id: UUID, *, now: datetime) -> list[PaperOut]:
    """What a client gets of a document: its Word file, and its PDF once it was made. Whether they may have it is up to
    the caller."""
    if document is None:
        return []
    forms = ["docx", *(["pdf"] if document.pdf_key is not None else [])]
    return [
        PaperOut(
            title=f"{document.number}（{NAMES[form]}）", name=f"{document.number}.{form}",
            url=_link(document, form, person_id, now),
        )
        for form in forms
    ]  # fmt: skip


def _link(document: Document, form: str, person_id: UUID, now: datetime) -> str:
    settings = cast(Settings, current_app.extensions["settings"])
    end = int(period(settings, now)[1].timestamp())
    signature = sign(settings, PURPOSE, document.id, form, person_id, end)
    return f"/papers/{document.id}/{form}?p={person_id}&e={end}&s={signature}"


def is_valid(
    settings: Settings, document_id: UUID, form: str, person_id: UUID, end: int, signature: str, now: datetime
) -> bool:
    """Whether we made this link and it still holds."""
    return is_genuine(settings, signature, PURPOSE, document_id, form, person_id, end) and now.timestamp() < end
