"""Signals of programs at play: listed for a person, dismissed or confirmed with a reason. Confirmed, a try is void."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.activities.quiz.attempts.models import Attempt, AttemptSignal, SignalKind, Verdict
from server.activities.quiz.attempts.schemas import VerdictIn
from server.activities.quiz.attempts.scores.score_totals import recount
from server.activities.quiz.levels.queries import get_facts
from server.core.audit.actions import record
from server.core.errors import Conflict, NotFound
from server.unions.actor import Actor

KIND_TEXTS = {
    SignalKind.TOO_FAST: "答得太快",
    SignalKind.EVEN_PACE: "间隔相同",
    SignalKind.SHARED_DEVICE: "共用设备",
}
VERDICT_TEXTS = {Verdict.DISMISSED: "正常，保留成绩", Verdict.CONFIRMED: "作弊，成绩作废"}


def judge_signal(session: Session, signal_id: UUID, body: VerdictIn, *, actor: Actor, now: datetime) -> None:
    """Put a verdict on record. Confirmed, the attempt counts no more and the standing is added up again.

    Raises NotFound, Conflict if it was judged already or the attempt is one's own.
    """
    signal = session.get(AttemptSignal, signal_id, with_for_update=True)
    if signal is None:
        raise NotFound
    if signal.verdict is not None:
        raise Conflict("别人已经判断过了。", code="already_judged")
    attempt = session.get_one(Attempt, signal.attempt_id, with_for_update=True)
    if actor.is_own(attempt.person_id):
        raise Conflict("自己的成绩要由别人判断。", code="own_attempt")
    signal.verdict, signal.reason = Verdict(body.verdict), body.reason
    signal.judged_by_id, signal.judged_at = actor.person_id, now
    if signal.verdict is Verdict.CONFIRMED and attempt.voided_at is None:
        attempt.voided_at = now
        session.flush()
        recount(session, attempt, len(get_facts(session, attempt.quiz_id).levels), now)
    session.flush()
    detail = {"signal": str(signal_id), "kind": signal.kind, "verdict": signal.verdict, "reason": body.reason}
    record(
        session, "quiz.signal_judged", subject_type="quiz_attempt", subject_id=attempt.id, actor_id=actor.person_id,
        at=now, detail=detail,
    )  # fmt: skip
