"""Special inspections."""

from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.oversight.inspections.listing import FINDINGS, TODO
from server.oversight.inspections.queries import NAME, ask_first, beside, narrow, progress_fact

KIND = AssignmentKind(
    name=NAME,
    label="专项检查",
    letter="Z",
    path="/console/inspections",
    wants_form=True,
    wants_reply=True,
    narrow=narrow,
    ask_first=ask_first,
    beside=beside,
    facts=progress_fact,
)
SLICE = Slice(
    assignments=(KIND,),
    lists=(FINDINGS,),
    todos=(TODO,),
    exports={
        "inspections_console.progress_sheet": "专项检查进度（Excel）",
        "inspections_console.draw_file": "抽查的抽签文件",
    },
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            45,
            "专项检查",
            "checks",
            "/console/inspections",
            handbook="专项检查",
            hint="先复制一张现成的检查表，按本地情况改好，再发给有这些设施的企业。查出不合格的，自动成为隐患。",
        ),
    ),
    audit=AuditWords(
        actions={
            "inspection.draw_promised": "准备抽查",
            "inspection.drawn": "抽签",
            "inspection.spot_checked": "抽查一家企业",
            "inspection.judged": "登记懂行的人的结论",
        },
        subjects={"spot_draw": "抽查", "spot_check": "抽查的企业", "inspection_finding": "检查发现"},
        details={
            "percent": "抽百分之几", "listed": "名单里有几家", "drawn": "抽中几家", "item": "检查内容",
            "conclusion": "结论", "judge": "谁看的", "recipient_id": "企业的任务",
        },
        values={"conclusion": {"passed": "合格", "failed": "不合格"}},
    ),
)  # fmt: skip
