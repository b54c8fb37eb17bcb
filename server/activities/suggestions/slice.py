"""Suggestions and how they are carried out."""

from server.activities.suggestions.listing import ADOPTED, TODOS
from server.activities.suggestions.models import CoAuthor, ImplementationStatus, Suggestion, Support
from server.activities.suggestions.panels import UNION_PANEL
from server.activities.suggestions.publishing import PUBLISHED
from server.activities.suggestions.workflow import IMPLEMENTATION
from server.core.slice import ERASED_NAME, AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.review.submissions.queries import sent_by

SLICE = Slice(
    published=(PUBLISHED,),
    union_panels=(UNION_PANEL,),
    lists=(ADOPTED,),
    todos=TODOS,
    menu=(
        MenuEntry(
            Section.TO_DO,
            50,
            "建议落实",
            "bulb",
            "/console/suggestions",
            handbook="合理化建议",
            hint="采纳的建议在这里安排谁、什么时候做，做完确认效果，可以公开展示。",
        ),
    ),
    audit=AuditWords(
        actions={
            "suggestion.co_authorship": "答复共同建议",
            **IMPLEMENTATION.audit_words(),
        },
        details={
            "accept": "是否同意",
            "yuan": "金额",
            "hours": "工时",
            "risk": "风险",
            "note": "说明",
            "what": "做什么",
            "due_on": "完成日期",
        },
        statuses={
            "suggestion": {ImplementationStatus.PENDING: "效果待确认", ImplementationStatus.CONFIRMED: "效果已确认"},
        },
    ),
    personal=(
        PersonalRows(
            model=Suggestion,
            rows=sent_by(Suggestion.submission_id),
            title="建议内容",
            struck=("title", "present_state", "proposal", "benefit"),
        ),
        PersonalRows(
            model=CoAuthor, rows=owned_by(CoAuthor.person_id), title="共同建议", blanked={"name": ERASED_NAME}
        ),
        PersonalRows(model=Support, rows=owned_by(Support.person_id), title="支持的建议", is_counted=True),
    ),
    workflows=(IMPLEMENTATION,),
)
