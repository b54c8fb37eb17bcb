"""Attempts at a level."""

from server.activities.quiz.attempts.events import AttemptGraded
from server.activities.quiz.attempts.listing import SIGNALS, UNJUDGED
from server.activities.quiz.attempts.models import Attempt, QuizBest, QuizStanding
from server.activities.quiz.attempts.signals.judging import KIND_TEXTS, VERDICT_TEXTS
from server.core.slice import AuditWords, PersonalRows, Slice, owned_by

SLICE = Slice(
    lists=(SIGNALS,),
    audit=AuditWords(
        actions={"quiz.signal_judged": "处理异常答题"},
        subjects={"quiz_attempt": "答题"},
        details={"signal": "异常提示", "verdict": "判断"},
        values={"quiz_attempt.kind": KIND_TEXTS, "quiz_attempt.verdict": VERDICT_TEXTS},
    ),
    todos=(UNJUDGED,),
    personal=(
        PersonalRows(
            model=Attempt,
            rows=owned_by(Attempt.person_id),
            title="答题",
            hidden=frozenset({"device"}),
            is_counted=True,
            blanked={"device": ""},
        ),
        PersonalRows(model=QuizBest, rows=owned_by(QuizBest.person_id), title="各关最好成绩"),
        PersonalRows(model=QuizStanding, rows=owned_by(QuizStanding.person_id), title="答题成绩"),
    ),
    events=(AttemptGraded,),
)
