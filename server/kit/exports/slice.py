"""What sheets of lists keep and log."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.kit.exports.models import ListExport

SLICE = Slice(
    exports={
        "exports_console.download": "后台写的台账",
        "exports_console.download_papers": "合成一个文件的通知单、意见单、登记表",
    },
    audit=AuditWords(
        actions={"list.exported": "导出 Excel"}, details={"list": "列表", "together": "合成一个文件的份数"}
    ),
    personal=(PersonalRows(model=ListExport, rows=owned_by(ListExport.person_id), is_removed=True),),
)
