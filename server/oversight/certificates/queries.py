"""Reads of tests and certificates."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.oversight.certificates.models import TrainingCertificate, TrainingTest
from server.oversight.certificates.rules import is_passed
from server.oversight.exams.models import Exam
from server.oversight.exams.queries import find_exam
from server.oversight.training.models import Attendance, TrainingSession
from server.oversight.training.queries import get_session, list_attendances, may_see_people
from server.rewards.certificates.printing.codes import read_code
from server.unions.actor import Actor


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who was there, with their certificate if they have one that stands."""

    attendance: Attendance
    certificate: TrainingCertificate | None
    is_passed: bool
    needs_pass: bool

    @property
    def may_have_one(self) -> bool:
        is_good = self.is_passed or not self.needs_pass
        return self.attendance.is_counted and is_good and self.certificate is None


@dataclass(frozen=True, slots=True)
class Certified:
    """A session, its test, and everybody who was there."""

    session: TrainingSession
    pass_mark: Decimal | None
    exam: Exam | None  # a test on the phone: its mark holds on paper, too
    candidates: Sequence[Candidate]
    withdrawn: Sequence[TrainingCertificate]


def read_certified(session: Session, session_id: UUID, actor: Actor) -> Certified:
    """Raises NotFound for a session that the actor does not see, or whose people are none of theirs."""
    held = get_session(session, session_id, actor)
    if not may_see_people(actor, held):
        raise NotFound
    exam = find_exam(session, session_id)
    pass_mark, needs_pass = find_pass_mark(session, session_id, exam), exam is None or exam.is_required
    issued = session.scalars(
        select(TrainingCertificate).where(TrainingCertificate.session_id == session_id).order_by(TrainingCertificate.id)
    ).all()
    standing = {each.attendance_id: each for each in issued if each.withdrawn_at is None}
    candidates = [
        Candidate(row, standing.get(row.id), is_passed(row.score, pass_mark), needs_pass)
        for row in list_attendances(session, session_id, with_struck=False)
    ]
    return Certified(held, pass_mark, exam, candidates, [each for each in issued if each.withdrawn_at is not None])


def find_pass_mark(session: Session, session_id: UUID, exam: Exam | None) -> Decimal | None:
    """From which mark a session's test is passed: what the test on the phone says, else what was entered with the marks
    of one on paper."""
    if exam is not None:
        return Decimal(exam.pass_mark)
    test = session.get(TrainingTest, session_id)
    return test.pass_mark if test is not None else None


def get_certificate(session: Session, certificate_id: UUID, actor: Actor, *, lock: bool = False) -> TrainingCertificate:
    """One of a session whose people the actor sees. Raises NotFound."""
    found = session.get(TrainingCertificate, certificate_id, with_for_update=lock, populate_existing=lock)
    if found is None or not may_see_people(actor, get_session(session, found.session_id, actor)):
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Verified:
    """A certificate as anybody may see it, and whether it holds."""

    certificate: TrainingCertificate
    holds: bool


def verify(session: Session, typed: str) -> Verified | None:
    """The certificate with that number: it holds until it is withdrawn, and as long as the attendance counts."""
    code = read_code(typed)
    row = session.execute(
        select(TrainingCertificate, Attendance.is_counted)
        .join(Attendance, Attendance.id == TrainingCertificate.attendance_id)
        .where(TrainingCertificate.code == code)
    ).one_or_none()
    return Verified(row[0], row[0].withdrawn_at is None and row[1]) if code and row is not None else None
