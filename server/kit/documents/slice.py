"""What documents log."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(audit=AuditWords(details={"form": "形式", "number": "文号", "content_hash": "内容校验值"}))
