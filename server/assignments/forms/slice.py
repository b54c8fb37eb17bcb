"""Forms."""

from server.assignments.forms.listing import FORMS, FormFilter, Row
from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.kit.panels import Line
from server.kit.search import Searchable


def _line(row: Row) -> Line:
    return Line(text=row.title, href=row.href, note=f"{row.union_name} · {row.field_count} 项")


SLICE = Slice(
    lists=(FORMS,),
    searches=(
        Searchable(
            listing=FORMS,
            title="表单",
            position=60,
            permission="form.read",
            filters=lambda words: FormFilter(q=words),
            line=_line,
        ),
    ),
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
