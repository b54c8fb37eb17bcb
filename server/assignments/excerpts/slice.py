"""Excerpts of accepted answers."""

from server.assignments.excerpts.listing import PASSAGES
from server.core.slice import AuditWords, Slice

SLICE = Slice(
    lists=(PASSAGES,),
    audit=AuditWords(
        actions={"excerpt.picked": "选入段落", "excerpt.dropped": "去掉选入的段落"}, details={"passages": "几段"}
    ),
)
