"""WeChat's check of words and pictures."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={
            "safety.held": "内容检查不通过",
            "safety.released": "放行内容",
        },
        details={
            "labels": "检查结果",
            "label": "检查结果",
            "suggest": "检查建议",
            "source": "来源",
        },
    ),
)
