"""What has to be settled of a major hazard (五落实): who answers, what is done, with which money, until when, and what
happens if it goes wrong meanwhile. The enterprise says it, or the union that leads notes it down."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, or_
from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.core.clock import day_in_words
from server.core.errors import Conflict, Forbidden
from server.notifications.inbox.actions import deliver_all
from server.oversight.visits import messages
from server.oversight.visits.models import Visit, VisitFinding, VisitStatus
from server.oversight.visits.permissions import MAY_SETTLE
from server.oversight.visits.queries import get_visit, leading_role, lock_finding
from server.oversight.visits.schemas import SettleIn
from server.unions.actor import Actor

MAJOR = 1  # the grade
SETTLED = ("owner", "measures", "funds", "emergency_plan")
"""What is filled in of the five; the day until which is always known."""


def is_grave(finding: VisitFinding) -> bool:
    """Whether the five have to be settled: it is graded so, or suspected to be one and not found to be none. Of a
    finding, or of a row with its columns."""
    is_suspected = finding.is_major is None and finding.suspected_major != ""
    return finding.grade == MAJOR or bool(finding.is_major) or is_suspected


def is_grave_row(found: Table) -> ColumnElement[bool]:
    """The same of rows."""
    suspected = and_(found.c.is_major.is_(None), found.c.suspected_major != "")
    return or_(found.c.grade == MAJOR, found.c.is_major.is_(True), suspected)


def five_of(finding: VisitFinding) -> Mapping[str, str]:
    """The five by their names; what is not settled is empty. Of a finding, or of a row with its columns."""
    return {
        "责任人": finding.owner, "措施": finding.measures, "资金": finding.funds,
        "期限": day_in_words(finding.due_on), "应急预案": finding.emergency_plan,
    }  # fmt: skip


def say_five(five: Mapping[str, str]) -> str:
    """In a line; and what is not settled."""
    said = "；".join(f"{name}：{words}" for name, words in five.items() if words)
    open_ones = "、".join(name for name, words in five.items() if not words)
    return f"{said}。还没有落实：{open_ones}" if open_ones else said


def may_settle(actor: Actor, visit: Visit) -> bool:
    """Whether the actor reviews at the enterprise, or for the union that leads."""
    own = any(each.role in MAY_SETTLE and each.union_id == visit.enterprise_id for each in actor.roles)
    return own or leading_role(actor, visit) is not None


def settle_finding(session: Session, finding_id: UUID, form: SettleIn, *, actor: Actor, now: datetime) -> UUID:
    """Note the five, or what changes of them. Returns the visit's id. Raises NotFound, Forbidden, Conflict before the
    opinion is sent, for what is no major hazard, and if somebody else was quicker."""
    finding, visit = find_sent(session, finding_id, actor)
    if not may_settle(actor, visit):
        raise Forbidden("由企业填写，或者由组织督导的工会登记。", code="not_theirs")
    if not is_grave(finding):
        raise Conflict("只有重大隐患（包括疑似的）要填五落实。", code="not_grave")
    if form.seen != (finding.settled_at.isoformat() if finding.settled_at is not None else ""):
        raise Conflict("刚刚有人填过，请刷新后再看。", code="stale")
    for name in SETTLED:
        setattr(finding, name, getattr(form, name))
    finding.settled_by_id, finding.settled_at = actor.person_id, now
    session.flush()
    record(
        session, "visit.settled", subject_type="visit_finding", subject_id=finding.id, actor_id=actor.person_id, at=now
    )
    if leading_role(actor, visit) is None:
        deliver_all(session, messages.settled(session, visit, finding, actor.person_id), now=now)
    return visit.id


def find_sent(session: Session, finding_id: UUID, actor: Actor) -> tuple[VisitFinding, Visit]:
    """A finding, held, of an opinion that was sent and that the actor may see. Raises NotFound, Conflict."""
    finding = lock_finding(session, finding_id)
    visit = get_visit(session, finding.visit_id, actor)
    if visit.status is not VisitStatus.SENT:
        raise Conflict("意见书发出以后才能办。发出以前在现场记录里改。", code="not_sent")
    return finding, visit
