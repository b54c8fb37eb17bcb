"""What is kept about a person: shown, handed out, erased."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.privacy.models import DataExport, Erasure

SLICE = Slice(
    exports={"privacy.download": "我的信息"},
    audit=AuditWords(
        actions={
            "own_data.erasure_cancelled": "撤销注销",
            "own_data.erasure_requested": "申请注销",
            "own_data.export_requested": "导出个人信息",
            "person.erased": "注销账号",
        },
    ),
    personal=(
        PersonalRows(model=DataExport, rows=owned_by(DataExport.person_id), is_removed=True),
        PersonalRows(model=Erasure, rows=owned_by(Erasure.person_id)),
    ),
)
