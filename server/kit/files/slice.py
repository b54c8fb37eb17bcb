"""What files log, and what of them is about people."""

from typing import Any

from server.core.slice import AuditWords, PersonalRows, Slice, StoredFile, owned_by
from server.kit.files.models import AttachedFile, FileState
from server.kit.files.rules import PICTURES
from server.kit.files.serving.keys import object_key
from server.photos.pictures.keys import Variant


def _name(file: Any) -> str:
    return f"附件/{file.id}/{file.name}{'.jpg' if file.media_type in PICTURES else ''}"


def _key(file: Any) -> str:
    """Of a picture what is made of it, which says nothing of the camera."""
    return object_key(file.object_id, Variant.DISPLAY if file.media_type in PICTURES else Variant.ORIGINAL)


SLICE = Slice(
    audit=AuditWords(
        actions={"file.removed": "去掉附件"},
        details={"file_id": "附件编号", "sha256": "文件校验值"},
    ),
    personal=(
        PersonalRows(
            model=AttachedFile,
            rows=owned_by(AttachedFile.uploaded_by_id),
            title="附件",
            hidden=frozenset({"object_id"}),
            struck=("name",),
            stored=StoredFile(there=AttachedFile.state == FileState.READY, name=_name, key=_key),
        ),
    ),
)
