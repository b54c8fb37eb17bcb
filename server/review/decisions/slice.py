"""What reviewers decide, and the words they answer with."""

from server.core.slice import AuditWords, MenuEntry, Section, Slice
from server.review.decisions.workflow import SUBMISSION_WORKFLOW

SLICE = Slice(
    menu=(
        MenuEntry(
            Section.SETTINGS,
            20,
            "回复模板",
            "template",
            "/console/templates",
            handbook="每天做什么",
            hint="常用的答复写成模板，审核时选一下就填好。上级的模板下级也能用。",
        ),
    ),
    audit=AuditWords(
        actions={
            **SUBMISSION_WORKFLOW.audit_words(),
            "reply_template.create": "新建回复模板",
            "reply_template.edit": "修改回复模板",
        },
        subjects={"reply_template": "回复模板"},
        details={
            "batch_id": "同一批",
            "target_id": "并到",
            "until": "处理到",
            "measures": "整改建议",
            "responsible": "责任单位",
        },
    ),
    workflows=(SUBMISSION_WORKFLOW,),
)
