"""Assessment."""

from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.oversight.assessment.document import ASSESSMENT_DOCUMENT
from server.oversight.assessment.indicators import INDICATORS
from server.oversight.assessment.listing import CANCELS_TODO, OBJECTIONS_TODO, RUNS, SCHEMES, UNITS
from server.oversight.assessment.models import Mark, Objection
from server.oversight.assessment.running.opening import NAME, before_sending, begin_details, facts_of
from server.oversight.assessment.schemas import RunDetails
from server.oversight.assessment.texts import STAGE_NAMES, STATUS_NAMES
from server.oversight.assessment.workflow import ASSESSMENTS

KIND = AssignmentKind(
    name=NAME, label="考核自评", letter="K", path="/console/assessments", wants_form=True, wants_reply=True,
    may_pass_on=False, details=RunDetails, details_template="assessment/_details.html", begin_details=begin_details,
    before_sending=before_sending, facts=facts_of,
)  # fmt: skip
SLICE = Slice(
    assignments=(KIND,),
    documents=(ASSESSMENT_DOCUMENT,),
    indicators=INDICATORS,
    lists=(SCHEMES, RUNS, UNITS),
    todos=(OBJECTIONS_TODO, CANCELS_TODO),
    workflows=(ASSESSMENTS,),
    exports={
        "assessments_console.units.scores": "考核评分表（Excel）",
        "assessments_console.runs.ranking": "考核汇总排名表（Excel）",
        "assessments_console.runs.recommended_sheet": "考核推荐汇总表（Excel）",
        "assessments_console.runs.draw_file": "考核抽查的抽签文件",
        "assessments_console.runs.paper": "考核汇总排名表、推荐汇总表（Word）",
        "assessments_console.units.unit_paper": "考核评分表、反馈单（Word）",
        "assessments_console.units.approval": "推荐审批表（Word）",
    },
    menu=(
        MenuEntry(
            Section.OVERSIGHT, 50, "考核", "award", "/console/assessments", handbook="考核",
            hint="先有方案：每一项怎么计分写成数据，发布后不再变；再开始一次考核：自评、初审、抽查、汇总、异议、公示。",
        ),
        MenuEntry(
            Section.OVERSIGHT, 51, "考核得分", "chart-bar", "/console/assessments/units", handbook="考核",
            hint="本单位和下级被考核的得分：每一项怎么来的都能点开；有不同意见，在异议期里提。",
        ),
    ),
    personal=(
        PersonalRows(model=Mark, rows=owned_by(Mark.by_id), struck=("reason",)),
        PersonalRows(model=Objection, rows=owned_by(Objection.raised_by_id), struck=("words",)),
    ),
    audit=AuditWords(
        actions={
            **ASSESSMENTS.audit_words(),
            "assessment_scheme.created": "新建考核方案",
            "assessment_scheme.edited": "修改考核方案",
            "assessment_scheme.retired": "停用考核方案",
            "assessment_scheme.resumed": "恢复考核方案",
            "assessment_scheme.published": "发布考核方案",
            "assessment.marked": "考核核分",
            "assessment.advised": "填写考核推荐意见",
            "assessment.objected": "对考核提出异议",
            "assessment.answered": "答复考核异议",
            "assessment.download": "下载考核文书",
        },
        subjects={
            "assessment": "考核", "assessment_scheme": "考核方案", "assessed_unit": "被考核单位",
            "assessment_objection": "考核异议",
        },
        statuses={"assessment": STATUS_NAMES},
        details={
            "stage": "哪一步", "assessment": "考核", "unit": "单位", "assignment_id": "自评任务",
            "is_upheld": "是否采纳", "item_count": "项目数", "result_hash": "结果的校验值",
        },
        values={"stage": {stage.value: words for stage, words in STAGE_NAMES.items()}},
    ),
)  # fmt: skip
