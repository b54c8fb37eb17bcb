"""A plain list of check items, as unions have them: 部位 | 检查内容 | 合格判据 | 依据; of parts, 部分 before."""

from server.assignments.forms.building.editing import read_definition
from server.assignments.forms.schemas import CheckField, Definition
from server.core.errors import Invalid
from server.core.sheets import Sheet, SheetColumn
from server.unions.imports.sheets.workbook import Column, read_rows

LAYOUT = (
    Column("section", "部分", "燃煤锅炉", "同一部分的写在一起", also=("类别", "项目", "检查项目")),
    Column("place", "部位", "锅炉房", "", also=("检查部位", "位置")),
    Column("label", "检查内容", "锅炉房门窗能打开", "", required=True, also=("检查项", "内容", "检查要点")),
    Column("criterion", "合格判据", "通风良好，无杂物", "", also=("合格标准", "标准", "检查标准", "判定标准")),
    Column("basis", "依据", "安全生产法第四十一条", "", also=("检查依据", "法律依据")),
)
ONLY_PART = "检查内容"
MOST = {"section": 200, "place": 100, "label": 200}  # characters; 500 of the others, which the reader sees to


def read_check_items(data: bytes) -> Definition:
    """The form in a list. Raises Invalid with what is wrong in every row, by its number."""
    sections: dict[str, list[dict[str, object]]] = {}
    wrong: dict[str, str] = {}
    title = ONLY_PART
    for number, row in enumerate(read_rows(data, LAYOUT), 1):
        title = row.cells.get("section") or title  # merged cells say it once
        faults = [*row.errors.values()]
        faults += [f"最多 {most} 字" for name, most in MOST.items() if len(row.cells.get(name, "")) > most]
        if not row.cells.get("label") and "label" not in row.errors:
            faults.append("没有写检查内容")
        if faults:
            wrong[str(row.number)] = "；".join(faults)
            continue
        item = {name: text for name, text in row.cells.items() if name != "section"}
        sections.setdefault(title, []).append({"key": f"f{number}", "kind": "check", "required": True, **item})
    if wrong:
        raise Invalid("表里有些行要改，改好再导入，什么都没有导入。", fields=wrong, code="rows_refused")
    parts = [
        {"key": f"s{number}", "title": title, "may_be_skipped": True, "fields": fields}
        for number, (title, fields) in enumerate(sections.items(), 1)
    ]
    return read_definition({"sections": parts})


_COLUMNS: list[SheetColumn[tuple[str, CheckField]]] = [
    SheetColumn("部分", lambda row: row[0], width=20),
    SheetColumn("部位", lambda row: row[1].place, width=20),
    SheetColumn("检查内容", lambda row: row[1].label, width=50),
    SheetColumn("合格判据", lambda row: row[1].criterion, width=50),
    SheetColumn("依据", lambda row: row[1].basis, width=30),
]


def sheet_of_check_items(form: Definition) -> Sheet[tuple[str, CheckField]]:
    """The check items of a form as such a list; other fields have no place in it."""
    rows = [
        (section.title, field) for section in form.sections for field in section.fields if isinstance(field, CheckField)
    ]
    return Sheet("检查项", _COLUMNS, rows)
