"""The privacy policy and its versions."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.SETTINGS,
            12,
            "隐私说明",
            "shield-check",
            "/console/policy",
            handbook="隐私说明的版本",
            hint="告诉职工收集什么、谁能看到、存多久。改好先存草稿，再发布；用途变宽的，每个人要重新同意。",
        ),
    ),
    audit=AuditWords(
        actions={
            "policy.drafted": "起草隐私说明",
            "policy.dropped": "不要隐私说明的草稿",
            "policy.published": "发布隐私说明",
            "policy.followed_settings": "隐私说明跟上设置，出了新的一版",
        },
        subjects={"policy": "隐私说明"},
        details={"widens": "需要重新同意"},
    ),
)
