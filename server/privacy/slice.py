"""What is kept about a person: shown, handed out, erased."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={
            "own_data.erasure_cancelled": "撤销注销",
            "own_data.erasure_requested": "申请注销",
            "own_data.export_requested": "导出个人信息",
            "person.erased": "注销账号",
        },
    ),
)
