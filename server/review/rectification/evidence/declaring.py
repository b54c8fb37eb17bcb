"""Saying that photos will come: of what the enterprise did, or of what the reporter finds not right.

The client makes the evidence's id, so that sending twice declares once.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.db import settings_of
from server.core.errors import Conflict, Invalid, NotFound
from server.kit.workflow import require_possible
from server.photos.actions import check_manifest, declare_photos, discard_batches
from server.photos.models import Photo, PhotoPurpose
from server.photos.queries import next_position
from server.photos.schemas import PhotoDeclared
from server.review.rectification.models import Evidence, Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.moves.parties import REPORTER
from server.review.rectification.moves.recheck import disagreeing_move
from server.review.rectification.schemas import ReopeningIn, SubmitIn
from server.review.rectification.workflow import RECTIFICATION_WORKFLOW, lock_latest, lock_rectification
from server.review.submissions.actions import hash_content
from server.unions.actor import Actor

MAX_PHOTOS = 60  # of one submission, with all evidence over the years
REUSED = "这张照片以前传过，请拍一张现在的"


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
    submission_id: UUID,
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
    discard_batches(session, submission_id, [each.id for each in unfinished])
    for each in unfinished:
        session.delete(each)
    first = _check_photos(session, submission_id, manifest)
    session.add(evidence)
    session.flush()
    declare_photos(
        session, submission_id, evidence.person_id, manifest,
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
