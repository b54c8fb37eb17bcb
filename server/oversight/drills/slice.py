"""Drills."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.kit.scope import at_their_enterprise
from server.oversight.drills.listing import DUE_LIST, PROBLEM_LIST
from server.oversight.drills.listing import TODOS as DUE_TODOS
from server.oversight.drills.listing import UNION_PANEL as DUE_PANEL
from server.oversight.drills.models import EmergencyPlan
from server.oversight.drills.plans.listing import PLAN_LIST
from server.oversight.drills.plans.listing import TODOS as PLAN_TODOS
from server.oversight.drills.plans.listing import UNION_PANEL as PLAN_PANEL
from server.oversight.drills.workbook import RECORD_BOOK

SLICE = Slice(
    lists=(DUE_LIST, PROBLEM_LIST, PLAN_LIST),
    todos=(*DUE_TODOS, *PLAN_TODOS),
    union_panels=(DUE_PANEL, PLAN_PANEL),
    books=(RECORD_BOOK,),
    exports={
        "drills_console.record_sheet": "演练记录与评估表（Excel）",
        "drills_console.plans.plan_template": "应急预案登记模板（Excel）",
    },
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            47,
            "应急预案",
            "file-text",
            "/console/drills/plans",
            handbook="应急预案",
            hint="每家企业有哪些预案，备案、修订、评审到哪天。登记以后，哪个预案哪天前要演练自动推算。",
        ),
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
            "plan.noted": "登记应急预案",
            "plan.changed": "修改应急预案登记",
            "plan.revised": "登记预案修订",
            "plan.ended": "停用应急预案",
            "drill.rule_added": "添加演练频次",
            "drill.rule_changed": "修改演练频次",
        },
        subjects={"drill_rule": "演练频次", "emergency_plan": "应急预案"},
        details={"months": "月数", "plan": "预案", "revised_on": "修订日期"},
    ),
    personal=(
        PersonalRows(
            model=EmergencyPlan,
            rows=owned_by(EmergencyPlan.noted_by_id),
            title="登记的应急预案",
            struck=("name", "accident", "filed_with", "ended_reason"),
        ),
        PersonalRows(
            model=EmergencyPlan,
            rows=at_their_enterprise(EmergencyPlan),
            struck=("name", "accident", "filed_with", "ended_reason"),
        ),
    ),
)
