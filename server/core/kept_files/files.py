"""The file of a form: the one just chosen, or the one that came when the form was refused.

A refused file is kept for an hour, one per person and form, and the page gets a signed token for it. The token is good
for that person and that form only, and for that very file.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

import structlog
from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

from server.core.settings import Settings
from server.core.storage.base import ObjectStore, StorageError
from server.core.text import clean_line
from server.core.web.forms import posted_kept_file

log = structlog.get_logger(__name__)

HOLDS = timedelta(hours=1)
KEPT_UNDER = "refused/"
MAX_NAME = 100
BESIDE = 64 * 1024  # bytes of the other fields


@dataclass(frozen=True, slots=True)
class PostedFile:
    """A file as it came: its name, and its bytes up to one more than are allowed."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What the refused form shows in place of a chosen file, and sends again."""

    name: str
    token: str


def let_in(max_bytes: int) -> None:
    """Let the request bring a file of that size: forms alone may be less. Before any view (`url_value_preprocessor`),
    because the form is read before that, to check its token."""
    request.max_content_length = max_bytes + BESIDE


def posted_file(form: str, person_id: UUID, max_bytes: int) -> PostedFile | None:
    """The file of the form called `form`; None if none was chosen and none is kept. Raises StorageError."""
    chosen = request.files.get("file")
    if chosen is not None and chosen.filename:
        return PostedFile(clean_line(chosen.filename)[-MAX_NAME:], chosen.stream.read(max_bytes + 1))
    try:
        name, digest = _tokens(form, person_id).loads(posted_kept_file(), max_age=int(HOLDS.total_seconds()))
        with _store().open(_key(form, person_id)) as kept:
            content = kept.read()
    except (BadData, StorageError) as error:
        if isinstance(error, StorageError) and error.is_outage:
            raise
        return None
    return PostedFile(name, content) if _digest(content) == digest else None


def keep_file(form: str, person_id: UUID, file: PostedFile | None, max_bytes: int) -> KeptFile | None:
    """Keep the file of a form that is refused for something else, in place of any that was kept before. None for one
    that is too large, or when the store does not take it: then it has to be chosen again."""
    if file is None or len(file.content) > max_bytes:
        return None
    try:
        _store().put_bytes(_key(form, person_id), file.content, "application/octet-stream")
    except StorageError:
        log.warning("refused_file_not_kept", form=form)
        return None
    return KeptFile(file.name, str(_tokens(form, person_id).dumps([file.name, _digest(file.content)])))


def _key(form: str, person_id: UUID) -> str:
    return f"{KEPT_UNDER}{person_id}.{form}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _tokens(form: str, person_id: UUID) -> URLSafeTimedSerializer:
    settings = cast(Settings, current_app.extensions["settings"])
    return URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt=f"kept-file|{form}|{person_id}")


def _store() -> ObjectStore:
    return cast(ObjectStore, current_app.extensions["object_store"])
