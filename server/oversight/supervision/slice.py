"""Supervision: plans, the draw of whom to visit, the rota of groups."""

from server.core.slice import ERASED_NAME, AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.oversight.supervision.listing import PLAN_LIST
from server.oversight.supervision.models import PlanMember
from server.oversight.supervision.texts import STATUS_NAMES
from server.oversight.supervision.workflow import PLANS

SLICE = Slice(
    lists=(PLAN_LIST,),
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
        actions={**PLANS.audit_words(), "supervision.settings_saved": "改督导设置"},
        subjects={"supervision_plan": "督导计划"},
        details={"part": "改了哪里", "yearly_cap": "一年最多去几次"},
        statuses={"supervision_plan": STATUS_NAMES},
    ),
    personal=(
        PersonalRows(
            model=PlanMember,
            rows=owned_by(PlanMember.person_id),
            title="督导分组",
            blanked={"words": ERASED_NAME, "phone": ""},
        ),
    ),
    workflows=(PLANS,),
)
