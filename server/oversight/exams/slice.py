"""Tests after trainings."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.oversight.exams.models import ExamAttempt

SLICE = Slice(
    audit=AuditWords(
        actions={"training_exam.set_up": "设置手机测验", "training_exam.dropped": "取消手机测验"},
        details={"questions": "题数"},  # the words of a pass mark are the quiz's
    ),
    personal=(
        PersonalRows(
            model=ExamAttempt,
            rows=owned_by(ExamAttempt.person_id),
            title="培训测验",
            hidden=frozenset({"questions", "option_counts", "is_multiple"}),
            is_counted=True,
        ),
    ),
)
