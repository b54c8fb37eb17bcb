"""The reviewers' queue."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.review.queue.listing import QUEUE

SLICE = Slice(
    lists=(QUEUE,),
    menu=(MenuEntry(Section.TO_DO, 20, "待办队列", "inbox", "/console/queue"),),
    audit=AuditWords(
        actions={
            "submission.view_private": "查看上报人信息",
            "submission.phone_viewed": "查看上报人的完整号码",
        },
    ),
)
