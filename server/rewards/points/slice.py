"""The ledger of points."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    menu=(MenuEntry(Section.OVERSIGHT, 30, "积分", "coin", "/console/points"),),
    audit=AuditWords(
        actions={
            "points.credited": "积分入账",
            "points.taken_back": "积分冲正",
            "points.set_rule": "修改积分规则",
        },
        subjects={"points_transfer": "积分"},
        details={
            "amount": "数额",
            "round": "次数",
            "code": "代码",
            "before": "原来的",
            "after": "现在的",
        },
    ),
)
