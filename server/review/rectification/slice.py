"""What enterprises put right."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.TO_DO, 30, "整改", "tool", "/console/rectifications"),),
    audit=AuditWords(
        actions={
            "rectification.open": "发出整改建议",
            "rectification.accept": "企业接受整改",
            "rectification.dispute": "企业提出异议",
            "rectification.uphold": "异议不成立",
            "rectification.drop": "异议成立，无需整改",
            "rectification.ask_extension": "申请延期",
            "rectification.grant_extension": "同意延期",
            "rectification.refuse_extension": "不同意延期",
            "rectification.submit": "报告整改完成",
            "rectification.send_back": "复查退回",
            "rectification.close": "复查销号",
            "rectification.reopen": "重新整改",
            "rectification.void": "撤销整改建议",
            "rectification.note": "整改备注",
        },
        subjects={"rectification": "整改"},
    ),
)
