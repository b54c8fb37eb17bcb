"""What the camera gave."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        subjects={"photo": "照片"},
    ),
)
