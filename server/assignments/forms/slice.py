"""Forms."""

from server.assignments.forms.listing import FORMS
from server.core.slice import AuditWords, MenuEntry, Section, Slice

SLICE = Slice(
    lists=(FORMS,),
    exports={"forms_console.export": "表单（Excel）", "forms_console.download_template": "检查表模板"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            50,
            "表单",
            "list-check",
            "/console/forms",
            handbook="表单",
            hint="要下级填的、要逐项查的，先在这里做成表单：可以一项一项加，也可以把 Excel 检查表直接导进来。",
        ),
    ),
    audit=AuditWords(
        actions={
            "form.created": "新建表单",
            "form.edited": "修改表单",
            "form.retired": "停用表单",
            "form.resumed": "恢复表单",
        },
        subjects={"form": "表单"},
        details={"title": "名称", "field_count": "项数"},
    ),
)
