"""The photos of a move come; with the last one it is made."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Conflict
from server.kit.workflow import perform_held
from server.review.rectification.models import Evidence, Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.parties import ADDRESSEE, REPORTER
from server.review.rectification.moves.recheck import disagreeing_move
from server.review.rectification.workflow import DUE, RECTIFICATION_WORKFLOW, lock_rectification
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import RoleAssignment
from server.unions.people.selves.queries import other_selves
from server.unions.tree.models import Union


def check_evidence(session: Session, batch_id: UUID) -> None:
    """A photo came: raises Conflict `evidence_closed` if what it was to show is settled by now. The submission is
    locked, so no move happens meanwhile."""
    evidence = session.get(Evidence, batch_id)
    if evidence is None or evidence.completed_at is not None:
        return
    row = session.get_one(Rectification, evidence.rectification_id)
    fitting = DUE if evidence.move is Move.SUBMIT else (Status.SUBMITTED, Status.CLOSED)
    superseded = row.submitted_at is not None and evidence.created_at < row.submitted_at
    if row.status not in fitting or superseded:
        raise Conflict("这条整改已经有了新的进展，这些照片不用再传。", code="evidence_closed")


def complete_evidence(session: Session, batch_id: UUID, now: datetime) -> None:
    """All photos of a batch are here: if it is evidence, the move that it was declared for is made."""
    evidence = session.get(Evidence, batch_id)
    if evidence is None or evidence.completed_at is not None:
        return
    row = lock_rectification(session, evidence.rectification_id, None)
    actor = _actor_of(session, evidence.person_id)
    if evidence.move is not Move.SUBMIT:  # closed while the photos were on their way, or the other way round
        evidence.move = disagreeing_move(row)
    evidence.completed_at = now
    session.flush()
    party = ADDRESSEE if evidence.move is Move.SUBMIT else REPORTER
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now, form=evidence)
    perform_held(RECTIFICATION_WORKFLOW, context, evidence.move, party=party.name)


def _actor_of(session: Session, person_id: UUID) -> Actor:
    """The person whose photos came, with the roles held at this moment: an upload does not tell."""
    roles = session.execute(
        select(RoleAssignment.role, Union.id, Union.level, Union.name)
        .join(Union, Union.id == RoleAssignment.union_id)
        .where(RoleAssignment.person_id == person_id, Union.is_active.is_(True))
    )
    others = other_selves(session, [person_id]).get(person_id, frozenset())
    held = tuple(RoleAt(*row) for row in roles)
    return Actor(person_id, None, person_id, None, held, is_worker=True, other_ids=others)
