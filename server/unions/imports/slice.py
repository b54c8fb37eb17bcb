"""Unions and people from spreadsheets."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.unions.imports.models import ImportDraft

SLICE = Slice(
    exports={
        "imports_console.download_template": "导入模板",
        "imports_console.download_marked": "标出问题的导入表格",
    },
    audit=AuditWords(
        actions={"import.committed": "导入表格"},
        subjects={"import": "导入"},
        details={
            "rows": "行数",
            "new": "新增",
            "count": "条数",
            "kind": "类别",
            "left_out": "没有导入",
        },
    ),
    personal=(PersonalRows(model=ImportDraft, rows=owned_by(ImportDraft.person_id)),),
)
