"""What reviewers decide, and the words they answer with."""

from server.core.slice import AuditWords, MenuEntry, ReplyUse, Section, Slice
from server.review.decisions.reply_templates.starts import STARTS
from server.review.decisions.workflow import SUBMISSION_WORKFLOW, label_of

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
    reply_uses={move: ReplyUse(label_of(move).label, starts) for move, starts in STARTS.items()},
    workflows=(SUBMISSION_WORKFLOW,),
)
