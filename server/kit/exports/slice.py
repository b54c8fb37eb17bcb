"""What sheets of lists keep and log."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.kit.exports.models import ListExport

SLICE = Slice(
    audit=AuditWords(actions={"list.exported": "导出台账"}, details={"list": "列表"}),
    personal=(PersonalRows(model=ListExport, rows=owned_by(ListExport.person_id), is_removed=True),),
)
