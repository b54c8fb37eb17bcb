"""Posters that invite to an enterprise."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    exports={"posters_console.download": "邀请海报"},
    audit=AuditWords(
        actions={"union.poster_asked": "生成邀请海报"},
    ),
)
