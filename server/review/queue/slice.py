"""The reviewers' queue."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.TO_DO, 20, "待办队列", "inbox", "/console/queue"),),
    audit=AuditWords(
        actions={"submission.view_private": "查看上报人信息"},
    ),
)
