"""What is late climbs the tree."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.TO_DO, 40, "调度", "alarm", "/console/dispatch"),),
    audit=AuditWords(
        actions={
            "submission.became_overdue": "审核逾期",
            "submission.escalate": "审核逾期升级",
            "rectification.became_overdue": "整改逾期",
            "rectification.escalate": "整改逾期升级",
            "escalation.export": "导出调度表",
        },
        details={"overdue": "逾期记录"},
    ),
)
