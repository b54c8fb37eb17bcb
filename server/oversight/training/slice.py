"""Training."""

from server.core.slice import ERASED_NAME, AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.kit.search import Searchable
from server.oversight.training.archive.session_files import SESSION_FILES
from server.oversight.training.archive.sign_in_sheet import SIGN_IN_SHEET
from server.oversight.training.invitations.listing import INVITED
from server.oversight.training.listing import SESSION_LIST, TODOS, TrainingFilter
from server.oversight.training.models import Attendance, SpecialPermit, TrainingCard
from server.oversight.training.panels import UNION_PANEL, line_of
from server.oversight.training.texts import KIND_NAMES, STATUS_NAMES
from server.oversight.training.workflow import SESSIONS

SLICE = Slice(
    lists=(SESSION_LIST, INVITED),
    todos=TODOS,
    workflows=(SESSIONS,),
    files=(SESSION_FILES,),
    books=(SIGN_IN_SHEET,),
    union_panels=(UNION_PANEL,),
    exports={
        "training_console.archive.sign_in_sheet": "签到表（Excel）",
        "training_console.archive.record_docx": "培训记录表（Word）",
        "training_console.records.card_docx": "一人一档卡（Word）",
    },
    searches=(
        Searchable(
            listing=SESSION_LIST,
            title="培训和演练",
            position=57,
            permission="training.read",
            filters=lambda words: TrainingFilter(q=words),
            line=line_of,
        ),
    ),
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            47,
            "培训和演练",
            "school",
            "/console/training",
            handbook="培训和演练",
            hint="先建一场，选好单位再通知。开始后打开签到码，职工扫码；也可以用纸质签到表。结束后补齐资料，提交归档。",
            also=("/console/training-certificates", "/console/training-exams"),
        ),
    ),
    audit=AuditWords(
        actions={
            **SESSIONS.audit_words(),
            "training.invited": "邀请单位参加培训",
            "training.uninvited": "取消邀请单位",
            "training.attendance_added": "登记参加人员",
            "training.attendance_corrected": "更正参加人员",
            "training.rest_confirmed": "核实参加人员",
            "training.headcount_noted": "登记没有名单的人数",
            "training.sheet_taken": "登记纸质签到表",
            "training.record_viewed": "查看一人一档",
            "training.card_saved": "填写一人一档",
            "training.permit_added": "登记特种作业证",
        },
        subjects={"training": "培训"},
        details={"attendance_id": "参加记录"},
        statuses={"training": STATUS_NAMES},
        values={"training.kind": KIND_NAMES},
    ),
    personal=(
        PersonalRows(
            model=Attendance,
            rows=owned_by(Attendance.person_id),
            title="参加的培训和演练",
            hidden=frozenset({"who", "name_key", "device"}),
            is_counted=True,
            blanked={"name": ERASED_NAME, "name_key": ERASED_NAME, "phone": None, "post": "", "device": None},
            struck=("note",),
        ),
        PersonalRows(model=TrainingCard, rows=owned_by(TrainingCard.person_id), title="培训档案卡", is_removed=True),
        PersonalRows(model=SpecialPermit, rows=owned_by(SpecialPermit.person_id), title="特种作业证", is_removed=True),
    ),
)
