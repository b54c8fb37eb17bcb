"""What files log, and what of them is about people."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.kit.files.models import AttachedFile

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
        ),
    ),
)
