"""Messages by WeChat, by consent."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.notifications.subscribe.models import Consent, SubscribeMessage

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.SETTINGS,
            30,
            "消息模板",
            "message",
            "/console/message-templates",
            handbook="微信消息和每日摘要",
            hint="微信要求每种消息用一个模板。职工同意了，才发得出去。",
        ),
    ),
    audit=AuditWords(
        actions={"message_template.saved": "保存消息模板"},
        subjects={"message_template": "消息模板"},
        details={"occasion": "场合"},
    ),
    personal=(
        PersonalRows(model=Consent, rows=owned_by(Consent.person_id), title="订阅消息的允许", is_removed=True),
        PersonalRows(
            model=SubscribeMessage, rows=owned_by(SubscribeMessage.person_id), title="微信订阅消息", is_removed=True
        ),
    ),
)
