"""Shapes of files in and out."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Line, Out
from server.kit.files.models import FileState
from server.kit.files.rules import MAX_FIELD, MAX_SUBJECT
from server.photos.schemas import Sha256


class SubjectQuery(In):
    """The row that files belong to."""

    subject: Annotated[Line, StringConstraints(min_length=1, max_length=MAX_SUBJECT), Field(description="属于哪一类")]
    subject_id: Annotated[UUID, Field(description="属于哪一条")]


class ArrivalQuery(SubjectQuery):
    """A file that is coming: where it belongs and what it is called."""

    field: Annotated[Line, StringConstraints(max_length=MAX_FIELD), Field(description="表单里的哪一项")] = ""
    name: Annotated[Line, StringConstraints(max_length=300), Field(description="文件名")] = ""


class DeclaredQuery(ArrivalQuery):
    """The same from a phone, which says what it is going to send."""

    sha256: Annotated[Sha256, Field(description="所发字节的 SHA-256")]


class FileOut(Out):
    """A file, with links that hold for a quarter of an hour. Those to pictures are null until they are made."""

    id: UUID
    field: str
    position: int
    name: str
    media_type: str
    size: int
    sha256: str
    state: FileState
    width: int | None
    height: int | None
    url: str
    display_url: str | None
    thumbnail_url: str | None


class FilesOut(Out):
    """The files of a row, by position."""

    items: list[FileOut]


BODIES = {
    "required": True,
    "content": {
        "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file"],
                "additionalProperties": False,
                "properties": {"file": {"type": "string", "format": "binary", "description": "文件原样"}},
            }
        },
    },
}
"""A file's body for the OpenAPI document: read as a stream, so no schema of APIFlask's can describe it."""
