"""What a union found where it looked itself, beside what the enterprise had said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.queries import form_for, get_recipient
from server.assignments.forms.rules import Checked, check_answers
from server.assignments.forms.schemas import CheckField, CheckResult, Definition
from server.assignments.forms.texts import RESULT_NAMES
from server.assignments.responses.queries import answers_of
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, NotFound
from server.core.jobs.actions import enqueue
from server.oversight.inspections.jobs import REPORT_CHECK
from server.oversight.inspections.models import SpotCheck, SpotDraw
from server.oversight.inspections.spot_checks.drawing import get_draw, leading_role
from server.unions.actor import Actor

NOT_ASKED = "不涉及（整个部分）"


@dataclass(frozen=True, slots=True)
class Compared:
    """One item: what the enterprise said, what the union found."""

    label: str
    section: str
    theirs: str
    their_words: str
    ours: str
    our_words: str

    @property
    def differs(self) -> bool:
        return self.theirs != self.ours


def get_check(session: Session, check_id: UUID, actor: Actor, *, lock: bool = False) -> tuple[SpotCheck, SpotDraw]:
    """A spot check with its draw. Raises NotFound."""
    check = session.get(SpotCheck, check_id, with_for_update=lock, populate_existing=lock)
    if check is None:
        raise NotFound
    return check, get_draw(session, check.draw_id, actor)


def read_form(session: Session, check: SpotCheck) -> Definition:
    """The form as the enterprise was asked it."""
    row = get_recipient(session, check.recipient_id, None)
    return form_for(session, session.get_one(Assignment, row.assignment_id), row) or Definition()


def save_check(
    session: Session, check_id: UUID, answers: Mapping[str, Any], skipped: Mapping[str, Any],
    *, actor: Actor, now: datetime,
) -> Checked:  # fmt: skip
    """Keep what the union found; nothing is kept while something is missing. Raises Conflict if it was kept before."""
    check, draw = get_check(session, check_id, actor, lock=True)
    if leading_role(actor).union_id != draw.union_id:
        raise Forbidden("由抽查的工会填写。")
    if check.checked_at is not None:
        raise Conflict("这一家已经查过，结果不能再改。", code="checked_already")
    checked = check_answers(read_form(session, check), answers, skipped, final=True)
    if checked.errors:
        return checked
    check.answers = {key: {**said, "photos": []} if isinstance(said, dict) and "photos" in said else said
                     for key, said in checked.answers.items()}  # fmt: skip
    check.skipped, check.checked_at, check.checked_by_id = checked.skipped, now, actor.person_id
    session.flush()
    enqueue(session, REPORT_CHECK, check_id=check.id)
    record(
        session, "inspection.spot_checked", subject_type="spot_check", subject_id=check.id, actor_id=actor.person_id,
        at=now, detail={"recipient_id": str(check.recipient_id)},
    )  # fmt: skip
    return checked


def compare(session: Session, check: SpotCheck) -> list[Compared]:
    """Item by item, those that differ first."""
    sent = answers_of(session, [check.recipient_id]).get(check.recipient_id)
    theirs = (sent.answers, sent.skipped) if sent is not None else ({}, {})
    rows = list(_rows(read_form(session, check), theirs, (check.answers, check.skipped)))
    return sorted(rows, key=lambda row: not row.differs)


def _rows(form: Definition, theirs: tuple[Any, Any], ours: tuple[Any, Any]) -> Iterator[Compared]:
    for section in form.sections:
        for item in section.fields:
            if isinstance(item, CheckField):
                said, found = _said(section.key, item.key, *theirs), _said(section.key, item.key, *ours)
                yield Compared(item.label, section.title, *said, *found)


def _said(section: str, item: str, answers: Mapping[str, Any], skipped: Mapping[str, Any]) -> tuple[str, str]:
    if section in skipped:
        return NOT_ASKED, str(skipped[section])
    said = answers.get(item) or {}
    return RESULT_NAMES[CheckResult(said["result"])] if said.get("result") else "没有填", said.get("words", "")
