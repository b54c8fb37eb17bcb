"""What reviewers decide, and the words they answer with."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.SETTINGS, 20, "回复模板", "template", "/console/templates"),),
    audit=AuditWords(
        actions={
            "reply_template.create": "新建回复模板",
            "reply_template.edit": "修改回复模板",
        },
        subjects={"reply_template": "回复模板"},
        details={"batch_id": "同一批"},
    ),
)
