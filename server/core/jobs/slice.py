"""Background work, done at least once."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={"job.discarded": "丢弃任务", "job.retried": "重试任务", "job.dead_retried": "重试失败的任务"},
        subjects={"job": "任务"},
    ),
)
