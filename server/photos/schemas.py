"""Shapes of photos in and out."""

from typing import Annotated

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Out

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class PhotoDeclared(In):
    """A photo that is going to be sent: the hash and size of exactly those bytes."""

    sha256: Sha256
    size: Annotated[int, Field(gt=0, le=2**31 - 1, description="字节数")]


class PhotoArrival(Out):
    """Where a batch of photos stands after one of them arrived."""

    position: int
    received: int
    expected: int
    complete: bool
    status: str


UPLOAD_FORM = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "position"],
                "additionalProperties": False,
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "照片原文件，字节与登记的一致"},
                    "position": {"type": "integer", "minimum": 0, "maximum": 9999, "description": "第几张，从 0 开始"},
                },
            }
        }
    },
}
"""The upload's body for the OpenAPI document: read as a stream, so no schema of APIFlask's can describe it."""
