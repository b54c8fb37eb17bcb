"""Moves that come with photos: declared first, made when the last photo is here.

The enterprise shows what it did, the reporter shows that it is not right. The client makes the evidence's id, so that
sending twice declares once.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.errors import Conflict, Invalid, NotFound
from server.photos.actions import check_manifest, declare_photos, discard_batches
from server.photos.models import Photo, PhotoPurpose, PhotoState
from server.photos.queries import next_position
from server.photos.schemas import PhotoDeclared
from server.review.rectification.actions import MoveContext, Words, check_version, perform_move, require_visible
from server.review.rectification.models import Evidence, Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.rules import disagreeing_move, find_refusal
from server.review.rectification.schemas import EvidenceOut, ReopeningIn, SubmitIn
from server.review.rectification.snapshots import lock_latest, lock_rectification, read_snapshot
from server.review.rectification.transitions import DUE, Party
from server.review.submissions.actions import hash_content
from server.review.submissions.models import Submission
from server.unions.actor import Actor, RoleAt
from server.unions.people.models import RoleAssignment
from server.unions.people.selves import other_selves
from server.unions.tree.models import Union

MAX_PHOTOS = 60  # of one submission, with all evidence over the years
REUSED = "这张照片以前传过，请拍一张现在的"


def declare_submission_of_work(
    session: Session, rectification_id: UUID, evidence_id: UUID, body: SubmitIn, *, actor: Actor, now: datetime
) -> bool:
    """The enterprise is going to show that it is done. Returns whether this is new; the same again changes nothing.

    Raises what a move raises, Conflict `content_differs` if the id stands for something else, Invalid for photos that
    were sent before.
    """
    row, submission = lock_rectification(session, rectification_id)
    snapshot = require_visible(session, row, submission, actor, now)
    content_hash = hash_content(body.model_dump_json(exclude={"version"}))
    if _is_known(session, evidence_id, row, actor.person_id, content_hash):
        return False
    check_version(session, row, submission, body.version, actor)
    refusal = find_refusal(Move.SUBMIT, Party.ADDRESSEE, snapshot, actor, now)
    if refusal is not None:
        raise refusal
    evidence = Evidence(
        id=evidence_id, rectification_id=row.id, move=Move.SUBMIT, person_id=actor.person_id,
        content_hash=content_hash, text=body.text, created_at=now,
    )  # fmt: skip
    _declare(session, evidence, submission, body.photos, PhotoPurpose.AFTER, of_day=None)
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
    snapshot = read_snapshot(session, row, submission.reporter_id)
    content_hash = hash_content(body.model_dump_json())
    if _is_known(session, reopening_id, row, actor.person_id, content_hash):
        return False
    move = disagreeing_move(snapshot)
    refusal = find_refusal(move, Party.REPORTER, snapshot, actor, now)
    if refusal is not None:
        raise refusal
    evidence = Evidence(
        id=reopening_id, rectification_id=row.id, move=move, person_id=actor.person_id,
        content_hash=content_hash, text=body.text, created_at=now,
    )  # fmt: skip
    of_day = now if submission.is_anonymous else None
    _declare(session, evidence, submission, body.photos, PhotoPurpose.REOPEN, of_day=of_day)
    return True


def _is_known(session: Session, evidence_id: UUID, row: Rectification, person_id: UUID, content_hash: str) -> bool:
    known = session.get(Evidence, evidence_id)
    if known is None:
        return False
    if (known.rectification_id, known.person_id, known.content_hash) != (row.id, person_id, content_hash):
        raise Conflict("这次提交和之前的不一样，请重新提交。", code="content_differs")
    return True


def _declare(
    session: Session,
    evidence: Evidence,
    submission: Submission,
    manifest: Sequence[PhotoDeclared],
    purpose: PhotoPurpose,
    *,
    of_day: datetime | None,
) -> None:
    """Expect the photos, in place of any that the same person promised before and never sent in full."""
    check_manifest(manifest, settings_of(session).photo_max_bytes)
    unfinished = session.scalars(
        select(Evidence).where(
            Evidence.rectification_id == evidence.rectification_id,
            Evidence.person_id == evidence.person_id,
            Evidence.completed_at.is_(None),
        )
    ).all()
    discard_batches(session, submission.id, [each.id for each in unfinished])
    for each in unfinished:
        session.delete(each)
    first = _check_photos(session, submission.id, manifest)
    session.add(evidence)
    session.flush()
    declare_photos(
        session, submission.id, evidence.person_id, manifest,
        batch_id=evidence.id, first_position=first, purpose=purpose, of_day=of_day,
    )  # fmt: skip


def _check_photos(session: Session, submission_id: UUID, manifest: Sequence[PhotoDeclared]) -> int:
    """Where the new photos begin. An old photo shows nothing new, and would be taken for the old one when it comes."""
    known = set(session.scalars(select(Photo.sha256).where(Photo.submission_id == submission_id)))
    fields: dict[str, str] = {}
    for index, photo in enumerate(manifest):
        if photo.sha256 in known:
            fields[f"photos.{index}.sha256"] = REUSED
        known.add(photo.sha256)
    if fields:
        raise Invalid(f"{REUSED}。", code="photo_reused", fields=fields)
    first = next_position(session, submission_id)
    if first + len(manifest) > MAX_PHOTOS:
        raise Invalid("这条的照片太多了，请少传几张。", fields={"photos": f"一条最多 {MAX_PHOTOS} 张照片"})
    return first


# --- when photos come -------------------------------------------------------------------------------------------------


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
    row, submission = lock_rectification(session, evidence.rectification_id)
    snapshot = read_snapshot(session, row, submission.reporter_id)
    actor = _actor_of(session, evidence.person_id)
    if evidence.move is not Move.SUBMIT:  # closed while the photos were on their way, or the other way round
        evidence.move = disagreeing_move(snapshot)
    if row.reopen_until is not None and evidence.created_at <= row.reopen_until:  # said in time, photos on a bad line
        snapshot = replace(snapshot, reopen_until=max(row.reopen_until, now))
    evidence.completed_at = now
    session.flush()
    party = Party.ADDRESSEE if evidence.move is Move.SUBMIT else Party.REPORTER
    words = Words(evidence.text, data={"evidence_id": str(evidence.id)})
    perform_move(MoveContext(session, row, snapshot, actor, now), evidence.move, party, words)


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


# --- what the page's script asks --------------------------------------------------------------------------------------


def describe_evidence(session: Session, evidence_id: UUID) -> EvidenceOut:
    """What was declared under that id and what of it is here."""
    evidence = session.get_one(Evidence, evidence_id)
    submission_id = session.get_one(Rectification, evidence.rectification_id).submission_id
    photos = session.execute(
        select(Photo.position, Photo.state)
        .where(Photo.submission_id == submission_id, Photo.batch_id == evidence_id)
        .order_by(Photo.position)
    ).all()
    return EvidenceOut(
        id=evidence_id,
        positions=[photo.position for photo in photos],
        received=[photo.state is not PhotoState.AWAITED for photo in photos],
        complete=evidence.completed_at is not None,
    )


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
