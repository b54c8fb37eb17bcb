"""The official account's chat."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={"follower.forgotten": "取消关注，清除记录"},
        subjects={"follower": "关注者"},
    ),
)
