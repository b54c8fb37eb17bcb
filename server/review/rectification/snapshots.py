"""The snapshot that the rules judge, taken from the database, and the lock under which moves are made."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.review.rectification.models import Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.rules import Snapshot
from server.review.submissions.actions import lock_submission
from server.review.submissions.models import Submission
from server.unions.actor import SCOPE_COLUMNS
from server.unions.tree.models import Union

RECTIFYING = frozenset({Move.ACCEPT, Move.SUBMIT})
ASKING = frozenset({Move.DISPUTE, Move.ASK_EXTENSION})


def lock_rectification(session: Session, rectification_id: UUID) -> tuple[Rectification, Submission]:
    """The rectification and its submission, both locked until the transaction ends. Raises NotFound.

    Always the submission first, as an upload does: photos, moves and a decision taken back take turns.
    """
    submission_id = session.scalar(select(Rectification.submission_id).where(Rectification.id == rectification_id))
    if submission_id is None:
        raise NotFound
    submission = lock_submission(session, submission_id)
    return session.scalars(
        select(Rectification)
        .where(Rectification.id == rectification_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one(), submission


def lock_latest(session: Session, submission_id: UUID) -> tuple[Rectification | None, Submission]:
    """The newest rectification of a submission and the submission, both locked. Raises NotFound without submission."""
    submission = lock_submission(session, submission_id)
    row = session.scalar(
        select(Rectification)
        .where(Rectification.submission_id == submission_id)
        .order_by(Rectification.id.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return row, submission


def read_snapshot(session: Session, row: Rectification, reporter_id: UUID) -> Snapshot:
    """What the rules need to know of a rectification: two short reads."""
    addressee = session.get_one(Union, row.addressee_id)
    steps = session.execute(
        select(RectificationStep.move, RectificationStep.actor_id)
        .where(RectificationStep.rectification_id == row.id, RectificationStep.move.in_(RECTIFYING | ASKING))
        .order_by(RectificationStep.id)
    ).all()
    asked_by = [step.actor_id for step in steps if step.move in ASKING]
    return Snapshot(
        status=row.status,
        grade=row.grade,
        scope={level: getattr(row, column) for level, column in SCOPE_COLUMNS.items()},
        addressee_id=row.addressee_id,
        addressee_level=addressee.level,
        addressee_name=addressee.name,
        reporter_id=reporter_id,
        rectifiers=frozenset(step.actor_id for step in steps if step.move in RECTIFYING and step.actor_id),
        asked_days=row.asked_days,
        asked_by_id=asked_by[-1] if asked_by else None,
        reopen_until=row.reopen_until,
    )
