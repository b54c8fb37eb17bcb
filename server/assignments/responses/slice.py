"""Answers to what unions were asked."""

from server.assignments.responses.answering.answer_files import ANSWER_FILES, DRAFT, SENT, SENT_FILES
from server.assignments.responses.events import ResponseAccepted, ResponseSubmitted
from server.assignments.responses.indicators import INDICATORS
from server.assignments.responses.listing import CHECKS, TASKS, TODOS, Row, TaskFilter, View
from server.assignments.responses.models import Response, ResponseVersion
from server.assignments.responses.queries import may_name
from server.assignments.responses.workflow import RECIPIENT_WORKFLOW, M
from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.kit.panels import Line
from server.kit.search import Searchable

OWN_MOVES = (M.NAME, M.BEGIN, M.SUBMIT, M.ACCEPT, M.RETURN, M.CORRECT)


def _line(row: Row) -> Line:
    return Line(
        text=row.title, href=row.href, note=f"{row.kind_label} {row.number} · {row.unit}", status=row.status_text
    )


SLICE = Slice(
    indicators=INDICATORS,
    events=(ResponseSubmitted, ResponseAccepted),
    lists=(TASKS, CHECKS),
    searches=(
        Searchable(
            listing=TASKS,
            title="任务",
            position=55,
            permission="task.read",
            filters=lambda words: TaskFilter(status=View.ALL, q=words),
            line=_line,
        ),
    ),
    menu=(
        MenuEntry(
            Section.TO_DO,
            35,
            "任务",
            "list-check",
            "/console/tasks",
            handbook="任务",
            hint="上级工会要本单位签收、填报的都在这里，先到期的在前；填到一半会自动保存。",
        ),
    ),
    todos=TODOS,
    files=(ANSWER_FILES, SENT_FILES),
    audit=AuditWords(
        actions={RECIPIENT_WORKFLOW.action(move): RECIPIENT_WORKFLOW.find(move).audit for move in OWN_MOVES},
        subjects={DRAFT: "填报", SENT: "提交的填报"},
        details={"is_late": "逾期", "remark_count": "要改几处", "named_id": "填报人", "before_id": "原填报人"},
    ),
    personal=(
        PersonalRows(
            model=ResponseVersion,
            rows=owned_by(ResponseVersion.submitted_by_id),
            title="提交的填报",
            hidden=frozenset({"content_hash"}),
            struck=("answers", "skipped", "text", "remarks", "remark", "correction"),
        ),
        PersonalRows(
            model=ResponseVersion,
            rows=may_name(ResponseVersion.recipient_id),
            struck=("answers", "skipped", "text", "remarks", "remark", "correction"),
        ),
        PersonalRows(
            model=Response, rows=may_name(Response.recipient_id), struck=("answers", "skipped", "text", "correction")
        ),
    ),
    workflows=(RECIPIENT_WORKFLOW,),
)
