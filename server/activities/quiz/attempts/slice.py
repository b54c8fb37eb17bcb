"""Attempts at a level."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={"quiz.signal_judged": "处理异常答题"},
        subjects={"quiz_attempt": "答题"},
    ),
)
