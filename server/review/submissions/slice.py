"""What workers send up, and its history."""

from server.core.slice import AuditWords, PersonalRows, RecountedDeadline, Slice, owned_by
from server.review.submissions.announcing.moves import EVENTS
from server.review.submissions.events import SubmissionDecided
from server.review.submissions.messages import MESSAGES
from server.review.submissions.models import Answer, Status, Submission, SubmissionStep
from server.review.submissions.queries import sent_by
from server.review.submissions.texts import STATUS_TEXTS

SLICE = Slice(
    audit=AuditWords(
        statuses={"submission": STATUS_TEXTS},
        actions={"submission.discard": "清除未传完的上报"},  # the moves: with the workflow, by decisions
        subjects={"submission": "上报"},
        details={
            "from": "原状态",
            "to": "新状态",
            "step": "步骤",
            "grade": "等级",
            "due_at": "期限",
            "reason": "理由",
            "move": "动作",
            "former_target_id": "原来并到",
            "reporter_gone": "提交的人已注销",
            "answer_id": "补充",
        },
    ),
    deadlines=(
        RecountedDeadline(
            column=Submission.due_at,
            title="办理期限",
            is_running=Submission.status == Status.QUEUED,  # it stands still in returned ones
            subject_type="submission",
            subject_id=Submission.id,
        ),
    ),
    personal=(
        PersonalRows(
            model=Submission,
            rows=owned_by(Submission.reporter_id),
            title="提交的隐患和建议",
            hidden=frozenset({"content_hash"}),
            is_counted=True,
            struck=("excerpt", "place"),
        ),
        PersonalRows(
            model=Answer,
            rows=sent_by(Answer.submission_id),
            title="补充说明",
            hidden=frozenset({"content_hash"}),
            struck=("text",),
        ),
        PersonalRows(
            model=SubmissionStep, rows=sent_by(SubmissionStep.submission_id), struck=("public_text", "internal_note")
        ),
    ),
    events=(
        *dict.fromkeys(EVENTS.values()),
        SubmissionDecided,
    ),
    messages=MESSAGES,
)
