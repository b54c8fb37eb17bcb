"""What somebody competent says of what is suspected to be a major hazard: the software judges nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.errors import Conflict
from server.oversight.visits.queries import get_finding
from server.oversight.visits.schemas import JudgeIn
from server.unions.actor import Actor


def judge_finding(session: Session, finding_id: UUID, form: JudgeIn, *, actor: Actor, now: datetime) -> UUID:
    """Note it, once. Returns the visit's id. Raises NotFound, Conflict if there is nothing to be judged any more."""
    finding = get_finding(session, finding_id, actor, lock=True)
    if not finding.suspected_major or finding.is_major is not None:
        raise Conflict("这一项已经有结论了，请刷新后再看。", code="judged_already")
    finding.is_major, finding.judge, finding.judged_words = form.is_major, form.judge, form.words
    finding.judged_by_id, finding.judged_at = actor.person_id, now
    session.flush()
    record(
        session, "visit.judged", subject_type="visit_finding", subject_id=finding.id, actor_id=actor.person_id, at=now,
        detail={"is_major": form.is_major},  # who judged stands in the row: the log is sealed and names nobody
    )  # fmt: skip
    return finding.visit_id
