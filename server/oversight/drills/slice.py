"""Drills."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.oversight.drills.listing import DUE_LIST, PROBLEM_LIST, TODO
from server.oversight.drills.workbook import RECORD_BOOK

SLICE = Slice(
    lists=(DUE_LIST, PROBLEM_LIST),
    todos=(TODO,),
    books=(RECORD_BOOK,),
    exports={"drills_console.record_sheet": "演练记录与评估表（Excel）"},
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            48,
            "应演练",
            "alarm",
            "/console/drills",
            handbook="演练",
            hint="每家企业哪种演练哪天前要做，按规定推算。演练先在“培训和演练”里建，再从那一页填演练记录。",
        ),
    ),
    audit=AuditWords(
        actions={
            "drill.recorded": "填写演练记录",
            "drill.problem_noted": "登记演练问题",
            "drill.rule_added": "添加演练频次",
            "drill.rule_changed": "修改演练频次",
        },
        subjects={"drill_rule": "演练频次"},
        details={"months": "月数"},
    ),
)
