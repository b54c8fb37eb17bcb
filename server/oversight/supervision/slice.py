"""Supervision: plans, the draw of whom to visit, the rota of groups."""

from server.core.slice import ERASED_NAME, AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.oversight.supervision.drawing.listing import DRAW_LIST, TODOS
from server.oversight.supervision.drawing.steps import SUPERVISION_DRAWS
from server.oversight.supervision.listing import NAMED, PLAN_LIST
from server.oversight.supervision.models import (
    Draw,
    DrawNote,
    PlanChange,
    PlanMember,
    PlanUnit,
    Recusal,
    RotaEntry,
    UnitInspector,
)
from server.oversight.supervision.queries import of_their_draws, of_their_plans, of_them
from server.oversight.supervision.texts import DRAW_STATUS_NAMES, STATUS_NAMES
from server.oversight.supervision.units.listing import UNIT_LIST
from server.oversight.supervision.workflow import PLANS

SLICE = Slice(
    lists=(PLAN_LIST, UNIT_LIST, DRAW_LIST),
    todos=(*TODOS, NAMED),
    exports={
        "supervision_console.desk.draws.draw_file": "督导抽取文件",
        "supervision_console.door.public_file": "公示的督导抽取文件",
        "supervision_console.desk.rota.rota_workbook": "交叉督导分组表（Excel）",
        "supervision_console.desk.rota.rota_file": "分组表核对文件",
        "supervision_console.desk.rota.rota_paper": "交叉督导分组表（Word）",
    },
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            43,
            "督导计划",
            "flag",
            "/console/supervision",
            handbook="督导计划",
            hint="先起草：什么时候、什么方式、谁去；再选企业，或者公开抽取；发布以后一家一家安排督导。",
        ),
    ),
    audit=AuditWords(
        actions={
            **PLANS.audit_words(),
            **SUPERVISION_DRAWS.audit_words(),
            "supervision.settings_saved": "改督导设置",
            "supervision.unit_opened": "安排督导",
            "supervision_draw.noted": "单独说明一家企业",
            "supervision_draw.note_forgotten": "去掉单独的说明",
            "supervision_draw.recused": "检查人员回避",
        },
        subjects={"supervision_plan": "督导计划", "supervision_draw": "督导抽取"},
        details={
            "part": "改了哪里",
            "yearly_cap": "一年最多去几次",
            "frame_hash": "名单校验值",
        },
        statuses={"supervision_plan": STATUS_NAMES, "supervision_draw": DRAW_STATUS_NAMES},
    ),
    personal=(
        PersonalRows(
            model=PlanMember,
            rows=owned_by(PlanMember.person_id),
            title="督导分组",
            blanked={"words": ERASED_NAME, "phone": ""},
        ),
        PersonalRows(model=Recusal, rows=of_them(Recusal.member_id), title="督导回避"),
        PersonalRows(model=UnitInspector, rows=of_them(UnitInspector.member_id), title="抽到的督导"),
        PersonalRows(
            model=PlanUnit, rows=of_their_plans(PlanUnit.plan_id), struck=("over_cap_reason", "dropped_reason")
        ),
        PersonalRows(model=RotaEntry, rows=of_their_plans(RotaEntry.plan_id), struck=("reason",)),
        PersonalRows(model=Recusal, rows=of_their_plans(Recusal.plan_id), struck=("reason",)),
        PersonalRows(model=PlanChange, rows=of_their_plans(PlanChange.plan_id), struck=("reason",)),
        PersonalRows(model=Draw, rows=of_their_plans(Draw.plan_id), struck=("cancelled_reason", "cancel_asked_reason")),
        PersonalRows(model=DrawNote, rows=of_their_draws(DrawNote.draw_id), struck=("reason",)),
    ),
    workflows=(PLANS, SUPERVISION_DRAWS),
)
