"""Writes: marks of a test on paper, certificates, their withdrawal."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict
from server.kit.scope import ancestors_of
from server.oversight.certificates.models import TrainingCertificate, TrainingTest
from server.oversight.certificates.queries import Candidate, get_certificate, read_certified
from server.oversight.certificates.rules import is_passed
from server.oversight.exams.queries import find_exam
from server.oversight.training import rules
from server.oversight.training.check_in.corrections import hold_open
from server.oversight.training.models import ConfirmedBy, TrainingSession
from server.oversight.training.queries import get_session, list_attendances
from server.oversight.training.workflow import require_leader
from server.rewards.certificates.printing.codes import new_code
from server.unions.actor import Actor
from server.unions.tree.models import Union


def enter_marks(
    session: Session, session_id: UUID, pass_mark: Decimal, marks: Mapping[UUID, Decimal], *, actor: Actor,
    now: datetime,
) -> int:  # fmt: skip
    """Keep what people got, of the marks that were changed. Who passed, stayed: that confirms the attendance of those
    who came. Returns how many marks changed. Raises NotFound, Forbidden, Conflict."""
    hold_open(session, session_id, actor)
    _keep_pass_mark(session, session_id, pass_mark, actor, now)
    changed = 0
    for row in list_attendances(session, session_id, with_struck=False):
        mark = marks.get(row.id, row.score)
        if mark is None:
            continue
        if row.score != mark:
            changed += 1
            row.score, row.updated_at = mark, now
        if is_passed(mark, pass_mark) and row.confirmed_by is None:
            row.confirmed_by, row.confirmed_at, row.updated_at = ConfirmedBy.TEST, now, now
        elif not is_passed(mark, pass_mark) and row.confirmed_by is ConfirmedBy.TEST:
            row.confirmed_by = row.confirmed_at = None  # a mark that was put right: it confirms no more
        rules.settle(row)
    session.flush()
    record(
        session, "training_test.marked", subject_type="training", subject_id=session_id, actor_id=actor.person_id,
        at=now, detail={"marks": changed},
    )  # fmt: skip
    return changed


def _keep_pass_mark(session: Session, session_id: UUID, pass_mark: Decimal, actor: Actor, now: datetime) -> None:
    """There is one mark for phone and paper."""
    exam = find_exam(session, session_id)
    if exam is None:
        session.merge(
            TrainingTest(session_id=session_id, pass_mark=pass_mark, entered_by_id=actor.person_id, entered_at=now)
        )
        session.flush()  # those who came are read next
    elif exam.pass_mark != pass_mark:
        raise Conflict(f"手机测验的合格线是 {exam.pass_mark} 分，纸上考的也按它算。", code="other_pass_mark")


def issue_certificates(session: Session, session_id: UUID, *, actor: Actor, now: datetime) -> int:
    """A certificate for everybody who counts, passed, and has none. Returns how many. Raises NotFound, Forbidden,
    Conflict before the session is over."""
    held = get_session(session, session_id, actor, lock=True)
    require_leader(held, actor)
    if now < held.ends_at:
        raise Conflict("培训结束以后才能发证书。", code="too_early")
    issuer = session.get_one(Union, held.organiser_id).name
    new = [each for each in read_certified(session, session_id, actor).candidates if each.may_have_one]
    session.add_all(_certificate(held, each, issuer, actor, now) for each in new)
    session.flush()
    if new:
        record(
            session, "training_certificate.issued", subject_type="training", subject_id=session_id,
            actor_id=actor.person_id, at=now, detail={"certificates": len(new)},
        )  # fmt: skip
    return len(new)


def _certificate(
    held: TrainingSession, candidate: Candidate, issuer: str, actor: Actor, now: datetime
) -> TrainingCertificate:
    row = candidate.attendance
    return TrainingCertificate(
        id=ids.new_id(), code=new_code(), session_id=held.id, attendance_id=row.id, person_id=row.person_id,
        name=row.name, enterprise_name=row.enterprise_name, title=held.title, hours=held.hours, held_on=row.held_on,
        score=row.score, issuer_name=issuer, issued_by_id=actor.person_id, issued_at=now, **ancestors_of(row),
    )  # fmt: skip


def withdraw(
    session: Session, certificate_id: UUID, reason: str, *, actor: Actor, now: datetime
) -> TrainingCertificate:
    """It holds no more; whoever verifies it is told so. Raises NotFound, Forbidden, Conflict for one withdrawn."""
    found = get_certificate(session, certificate_id, actor, lock=True)
    require_leader(get_session(session, found.session_id, actor), actor)
    if found.withdrawn_at is not None:
        raise Conflict("这张证书已经撤销。", code="withdrawn_already")
    found.withdrawn_at, found.withdrawn_by_id, found.reason = now, actor.person_id, reason
    session.flush()
    record(
        session, "training_certificate.withdrawn", subject_type="training_certificate", subject_id=found.id,
        actor_id=actor.person_id, at=now, detail={"reason": reason},
    )  # fmt: skip
    return found
