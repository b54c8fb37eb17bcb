"""What sheets of lists keep and log."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.kit.exports.models import ListExport

SLICE = Slice(
    exports={"exports_console.download": "后台写的台账"},
    audit=AuditWords(actions={"list.exported": "导出 Excel"}, details={"list": "列表"}),
    personal=(PersonalRows(model=ListExport, rows=owned_by(ListExport.person_id), is_removed=True),),
)
