"""Assignments: what unions send down."""

from server.assignments.dispatch.choosing.listing import PREVIEW
from server.assignments.dispatch.drafting.attachments import ATTACHMENTS
from server.assignments.dispatch.kinds.registry import AssignmentKind
from server.assignments.dispatch.listing import ASSIGNMENTS, TODOS, AssignmentFilter, Row, View, find_by_number
from server.assignments.dispatch.models import Recipient
from server.assignments.dispatch.recipients.listing import RECIPIENTS
from server.assignments.dispatch.texts import ASSIGNMENT_STATUS_NAMES, STATUS_NAMES
from server.assignments.dispatch.workflow import ASSIGNMENTS as WORKFLOW
from server.assignments.dispatch.workflow import RECIPIENT
from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.kit.panels import Line
from server.kit.search import Searchable

TASK = AssignmentKind(name="task", label="任务", letter="R", path="/console/assignments")
"""Anything that is asked without being one of the kinds that have rules of their own."""


def _line(row: Row) -> Line:
    note = " · ".join(filter(None, (row.kind_name, row.number, row.sender_name)))
    return Line(text=row.title, href=row.href, note=note, status=row.status_text, chip=row.chip, at=row.sent_at)


SLICE = Slice(
    assignments=(TASK,),
    lists=(ASSIGNMENTS, RECIPIENTS, PREVIEW),
    searches=(
        Searchable(
            listing=ASSIGNMENTS,
            title="下发任务",
            position=45,
            permission="assignment.read",
            filters=lambda words: AssignmentFilter(status=View.ALL, below=True, q=words),
            line=_line,
            numbered=find_by_number,
        ),
    ),
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            5,
            "下发任务",
            "checks",
            "/console/assignments",
            handbook="下发任务",
            hint="要下级做的事在这里发：写清做什么，选好发给谁，核对单位后发出，再看谁签收、谁办完了。",
        ),
    ),
    personal=(PersonalRows(model=Recipient, rows=owned_by(Recipient.named_id), blanked={"named_id": None}),),
    workflows=(WORKFLOW,),
    files=(ATTACHMENTS,),
    todos=TODOS,
    audit=AuditWords(
        actions={
            **WORKFLOW.audit_words(),
            **RECIPIENT.audit_words(),
            "assignment.urged": "催办任务",
            "assignment.contacts_viewed": "查看联系电话",
        },
        subjects={"assignment": "任务", "recipient": "收到任务的单位"},
        statuses={"assignment": ASSIGNMENT_STATUS_NAMES, "recipient": STATUS_NAMES},
        details={"recipient_count": "单位数", "passed_on_id": "转发的任务"},
    ),
)
