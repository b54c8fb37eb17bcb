"""What drills are called on pages."""

from collections.abc import Mapping, Sequence

from server.oversight.drills.models import (
    Concerns,
    Drill,
    DrillAim,
    DrillForm,
    DrillScope,
    Duty,
    Phase,
    PlanKind,
    TriedPlan,
)

PLAN_NAMES: Mapping[PlanKind, str] = {
    PlanKind.COMPREHENSIVE: "综合应急预案",
    PlanKind.SPECIAL: "专项应急预案",
    PlanKind.ON_SITE: "现场处置方案",
    PlanKind.FIRE: "灭火和疏散预案",
}
KIND_WORDS: Mapping[str, PlanKind] = {
    **{name: kind for kind, name in PLAN_NAMES.items()},
    "综合预案": PlanKind.COMPREHENSIVE,
    "专项预案": PlanKind.SPECIAL,
    "处置方案": PlanKind.ON_SITE,
}
"""Kinds as sheets call them."""
FORM_NAMES: Mapping[DrillForm, str] = {DrillForm.TABLETOP: "桌面演练", DrillForm.FULL: "实战演练"}
SCOPE_NAMES: Mapping[DrillScope, str] = {DrillScope.SINGLE: "单项", DrillScope.COMBINED: "综合"}
AIM_NAMES: Mapping[DrillAim, str] = {DrillAim.CHECK: "检验性", DrillAim.SHOW: "示范性", DrillAim.STUDY: "研究性"}
PHASE_NAMES: Mapping[Phase, str] = {
    Phase.FOUND: "发现",
    Phase.ALARM: "报警",
    Phase.STARTED: "启动",
    Phase.EVACUATION: "疏散",
    Phase.HEAD_COUNT: "集合清点",
    Phase.HANDLING: "处置",
    Phase.ENDED: "终止",
}
DUTY_NAMES: Mapping[Duty, str] = {
    Duty.GENERAL: "综合或专项预案",
    Duty.SPECIAL: "每个专项预案",
    Duty.ON_SITE: "每个现场处置方案",
    Duty.FIRE: "消防演练",
}
CONCERNS_NAMES: Mapping[Concerns, str] = {
    Concerns.HIGH_RISK: "高危行业",
    Concerns.OTHERS: "其他企业",
    Concerns.EVERYBODY: "所有企业",
}
EVALUATION_HINT = "可以按这几方面写：预警和报告、紧急动员、研判、指挥协调、处置、资源、疏散避险、善后"
NO_PROBLEM = "没有记录任何问题。演练一点问题都没有的很少见，再想一想：疏散快不快、人数点得对不对、预案写的找不找得到。"


def revision_text(drill: Drill, tried: Sequence[TriedPlan]) -> str:
    """Whether its plans have to be revised; which of them, where it tried several."""
    if drill.must_revise is None:
        return ""
    if not drill.must_revise:
        return "不用修订"
    which = "、".join(plan.name for plan in tried if plan.must_revise) if len(tried) > 1 else ""
    return "要修订：" + "；".join(filter(None, (which, drill.revision)))
