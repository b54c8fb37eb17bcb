"""Photos that go with a move: of what the enterprise did, or of what the reporter finds not right. Declared first; the
move is made when the last one is here."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Conflict, NotFound
from server.kit.attachments import (
    AttachmentOut,
    Attachments,
    Manifest,
    declare,
    describe_attachment,
    drop_unfinished,
    is_declared,
    list_unfinished,
    refuse_reused,
)
from server.kit.workflow import perform_held, require_possible
from server.photos.models import PhotoPurpose
from server.photos.schemas import PhotoDeclared
from server.review.rectification.models import Evidence, Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.moves.parties import ADDRESSEE, REPORTER
from server.review.rectification.moves.recheck import disagreeing_move
from server.review.rectification.schemas import ReopeningIn, SubmitIn
from server.review.rectification.workflow import DUE, RECTIFICATION_WORKFLOW, lock_latest, lock_rectification
from server.review.submissions.actions import hash_content
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import RoleAssignment
from server.unions.people.selves.queries import other_selves
from server.unions.tree.models import Union

MAX_PHOTOS = 60  # of one submission, with all evidence over the years


def declare_submission_of_work(
    session: Session, rectification_id: UUID, evidence_id: UUID, body: SubmitIn, *, actor: Actor, now: datetime
) -> bool:
    """The enterprise is going to show that it is done. Returns whether this is new; the same again changes nothing.

    Raises what a move raises, Conflict `content_differs` if the id stands for something else, Invalid for photos that
    were sent before.
    """
    row = lock_rectification(session, rectification_id, actor)
    content_hash = hash_content(body.model_dump_json(exclude={"version"}))
    if _is_known(session, evidence_id, row, actor.person_id, content_hash):
        return False
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now, form=body)
    require_possible(RECTIFICATION_WORKFLOW, RECTIFICATION_WORKFLOW.find(Move.SUBMIT), context)
    evidence = Evidence(
        id=evidence_id, rectification_id=row.id, move=Move.SUBMIT, person_id=actor.person_id,
        content_hash=content_hash, text=body.text, created_at=now,
    )  # fmt: skip
    _declare(session, evidence, row.submission_id, body.photos, PhotoPurpose.AFTER, of_day=None)
    return True


def knows_evidence(session: Session, evidence_id: UUID, actor: Actor) -> bool:
    """Whether the actor has declared it before."""
    own = select(Evidence.id).where(Evidence.id == evidence_id, Evidence.person_id == actor.person_id)
    return session.scalar(own) is not None


def declare_reopening(
    session: Session, submission_id: UUID, reopening_id: UUID, body: ReopeningIn, *, actor: Actor, now: datetime
) -> bool:
    """The reporter is going to show that it is not right: what waits for the recheck goes back, what is closed reopens.

    Returns whether this is new. Raises NotFound for somebody else's or without rectification, Conflict where there is
    nothing to object to or the time for it is over.
    """
    row, submission = lock_latest(session, submission_id)
    if row is None or submission.reporter_id != actor.person_id:
        raise NotFound
    content_hash = hash_content(body.model_dump_json())
    if _is_known(session, reopening_id, row, actor.person_id, content_hash):
        return False
    move = disagreeing_move(row)
    context = RECTIFICATION_WORKFLOW.context(session, row, actor=actor, now=now)
    require_possible(RECTIFICATION_WORKFLOW, RECTIFICATION_WORKFLOW.find(move, REPORTER.name), context)
    evidence = Evidence(
        id=reopening_id, rectification_id=row.id, move=move, person_id=actor.person_id,
        content_hash=content_hash, text=body.text, created_at=now,
    )  # fmt: skip
    of_day = now if submission.is_anonymous else None
    _declare(session, evidence, submission.id, body.photos, PhotoPurpose.REOPEN, of_day=of_day)
    return True


def describe_evidence(session: Session, evidence_id: UUID) -> AttachmentOut:
    """What was declared under that id and what of it is here."""
    evidence = session.get_one(Evidence, evidence_id)
    submission_id = session.get_one(Rectification, evidence.rectification_id).submission_id
    return describe_attachment(session, evidence, submission_id)


def find_submission_of(session: Session, rectification_id: UUID, evidence_id: UUID, person_id: UUID) -> UUID:
    """The submission that one's own evidence belongs to. Raises NotFound."""
    submission_id = session.scalar(
        select(Rectification.submission_id)
        .join(Evidence, Evidence.rectification_id == Rectification.id)
        .where(Rectification.id == rectification_id, Evidence.id == evidence_id, Evidence.person_id == person_id)
    )
    if submission_id is None:
        raise NotFound
    return submission_id


def _is_known(session: Session, evidence_id: UUID, row: Rectification, person_id: UUID, content_hash: str) -> bool:
    return is_declared(
        session, EVIDENCE, evidence_id, rectification_id=row.id, person_id=person_id, content_hash=content_hash
    )


def _declare(
    session: Session,
    evidence: Evidence,
    submission_id: UUID,
    photos: Sequence[PhotoDeclared],
    purpose: PhotoPurpose,
    *,
    of_day: datetime | None,
) -> None:
    """Expect the photos, in place of any that the same person promised before and never sent in full."""
    manifest = Manifest(
        photos=photos, submission_id=submission_id, owner_id=evidence.person_id, purpose=purpose, of_day=of_day
    )
    manifest.check_sizes(session)
    mine = (Evidence.rectification_id == evidence.rectification_id, Evidence.person_id == evidence.person_id)
    unfinished = list_unfinished(session, EVIDENCE, *mine)
    drop_unfinished(session, submission_id, unfinished)
    session.flush()
    refuse_reused(session, manifest)
    declare(session, EVIDENCE, evidence, manifest, now=evidence.created_at, most=MAX_PHOTOS)


# --- the photos come --------------------------------------------------------------------------------------------------


def _admit(session: Session, evidence: Evidence) -> None:
    """Raises Conflict `evidence_closed` if what it was to show is settled by now."""
    row = session.get_one(Rectification, evidence.rectification_id)
    fitting = DUE if evidence.move is Move.SUBMIT else (Status.SUBMITTED, Status.CLOSED)
    superseded = row.submitted_at is not None and evidence.created_at < row.submitted_at
    if row.status not in fitting or superseded:
        raise Conflict("这条整改已经有了新的进展，这些照片不用再传。", code="evidence_closed")


def _complete(session: Session, evidence: Evidence, now: datetime) -> None:
    """The move that it was declared for is made."""
    row = lock_rectification(session, evidence.rectification_id, None)
    actor = _actor_of(session, evidence.person_id)
    if evidence.move is not Move.SUBMIT:  # closed while the photos were on their way, or the other way round
        evidence.move = disagreeing_move(row)
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


EVIDENCE = Attachments(model=Evidence, differs="这次提交和之前的不一样，请重新提交。", complete=_complete, admit=_admit)
