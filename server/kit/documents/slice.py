"""What documents log."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(audit=AuditWords(details={"form": "形式"}))
