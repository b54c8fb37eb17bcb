"""Messages by WeChat, by consent."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.SETTINGS, 30, "消息模板", "message", "/console/message-templates"),),
    audit=AuditWords(
        actions={"message_template.saved": "保存消息模板"},
        subjects={"message_template": "消息模板"},
        details={"occasion": "场合"},
    ),
)
