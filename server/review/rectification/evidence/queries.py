"""What was declared, as the page's script asks."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
from server.photos.models import Photo, PhotoState
from server.review.rectification.models import Evidence, Rectification
from server.review.rectification.schemas import EvidenceOut


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
