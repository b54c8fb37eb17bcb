"""What happens in the transaction that sends a draft; the rows of its recipients are written by a job."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from server.assignments.dispatch.drafting.filling import make_own_form
from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.dispatch.queries import count_recipients, get_assignment
from server.assignments.forms.actions import freeze_form
from server.assignments.forms.queries import get_form
from server.core.jobs.actions import enqueue
from server.kit.numbers.actions import take_number
from server.unions.actor import Actor


@dataclass(frozen=True, slots=True)
class Frozen:
    """What does not change any more once it is sent."""

    number: str
    form_version_id: UUID | None
    count: int


def freeze(session: Session, draft: Assignment, *, actor: Actor, now: datetime) -> Frozen:
    """The form as it is now, how many are asked now, and a number. What is passed on asks by the form of its root."""
    make_own_form(session, draft, actor, now)
    version_id = draft.form_version_id
    if draft.form_id is not None and draft.root_id == draft.id:
        version_id = freeze_form(session, get_form(session, draft.form_id, actor), actor=actor, now=now).id
    count = count_recipients(session, draft).total
    return Frozen(take_number(session, kind_of(draft.kind).letter, now), version_id, count)


def start(session: Session, assignment: Assignment, *, actor: Actor, now: datetime) -> Assignment | None:
    """Let the kind have its say, and the job begin. Returns what is replaced by this, held."""
    kind_of(assignment.kind).before_sending(session, assignment, actor=actor, now=now)
    enqueue(session, "dispatch.write_recipients", assignment_id=assignment.id)
    if assignment.replaces_id is None:
        return None
    replaced = get_assignment(session, assignment.replaces_id, None, lock=True)
    session.execute(
        update(Recipient)
        .where(Recipient.passed_on_id == replaced.id)
        .values(passed_on_id=assignment.id)
        .execution_options(synchronize_session="fetch")
    )
    return replaced
