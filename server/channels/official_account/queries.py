"""Reads for the chat and for whoever opens a draft."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.channels.official_account.models import Draft, DraftPhoto, PictureState, Voice
from server.channels.official_account.schemas import DraftOut, DraftPhotoOut, DraftPoint, VoiceOut
from server.core.clock import in_shanghai
from server.core.errors import NotFound
from server.core.settings import Settings
from server.review.submissions.kinds.registry import read_follow_ups
from server.review.submissions.models import Kind, Status, Submission
from server.review.submissions.texts import status_text
from server.unions.actor import Actor
from server.unions.campaigns.queries import campaign_facts

NEWEST = 5


def describe_draft(session: Session, draft: Draft, settings: Settings) -> DraftOut:
    """The draft as the phone takes it over."""
    photos = session.scalars(
        select(DraftPhoto).where(DraftPhoto.draft_id == draft.id).order_by(DraftPhoto.position)
    ).all()
    point = None
    if draft.latitude is not None and draft.longitude is not None:
        point = DraftPoint(latitude=draft.latitude, longitude=draft.longitude)
    spoken = select(func.count()).where(Voice.draft_id == draft.id, Voice.state != PictureState.REFUSED)
    return DraftOut(
        id=draft.id,
        description=draft.words,
        place=draft.place,
        coordinates=point,
        photos=[
            DraftPhotoOut(position=photo.position, size=photo.size or 0, sha256=photo.sha256 or "")
            for photo in photos
            if photo.state is PictureState.KEPT
        ],
        voices=session.scalar(spoken) or 0,
        waiting=sum(photo.state is PictureState.AWAITED for photo in photos),
        refused=[photo.reason or "" for photo in photos if photo.state is PictureState.REFUSED],
        expires_at=draft.updated_at + timedelta(days=settings.official_account_draft_days),
    )


def get_picture_of_own(session: Session, draft_id: UUID, position: int, actor: Actor) -> DraftPhoto:
    """A picture of a draft that the actor has opened. Raises NotFound for anybody else's."""
    photo = session.scalar(
        select(DraftPhoto)
        .join(Draft, Draft.id == DraftPhoto.draft_id)
        .where(Draft.id == draft_id, Draft.person_id == actor.person_id)
        .where(DraftPhoto.position == position, DraftPhoto.state == PictureState.KEPT)
    )
    if photo is None:
        raise NotFound("没有这张照片：草稿可能已经提交，或者放得太久删掉了。", code="draft_gone")
    return photo


def require_own(session: Session, submission_id: UUID, actor: Actor) -> None:
    """Raises NotFound for a report of anybody else."""
    own = (Submission.id == submission_id, Submission.reporter_id == actor.person_id)
    if session.scalar(select(Submission.id).where(*own)) is None:
        raise NotFound


_KEPT = (Voice.state == PictureState.KEPT, Voice.seconds.is_not(None))


def list_voices(session: Session, submission_id: UUID) -> list[VoiceOut]:
    """The voice messages of a report, in the order in which they were said. Who may hear them is up to the caller."""
    rows = session.scalars(select(Voice).where(Voice.submission_id == submission_id, *_KEPT).order_by(Voice.id))
    return [VoiceOut(id=row.id, seconds=row.seconds or 0, heard=row.heard) for row in rows]


def get_voice(session: Session, submission_id: UUID, voice_id: UUID) -> Voice:
    """One of them. Raises NotFound."""
    found = session.scalar(select(Voice).where(Voice.id == voice_id, Voice.submission_id == submission_id, *_KEPT))
    if found is None:
        raise NotFound
    return found


def list_report_lines(session: Session, person_id: UUID) -> list[str]:
    """The newest reports of somebody: day, kind of hazard, where it stands."""
    rows = session.execute(
        select(Submission.id, Submission.kind, Submission.status, Submission.category, Submission.campaign_id,
               Submission.created_at)
        .where(Submission.reporter_id == person_id)
        .order_by(Submission.id.desc())
        .limit(NEWEST)
    ).all()  # fmt: skip
    accepted: dict[Kind, list[UUID]] = {}
    for row in rows:
        if row.status is Status.ACCEPTED:
            accepted.setdefault(row.kind, []).append(row.id)
    follow_ups = read_follow_ups(session, accepted)
    lines = []
    for row in rows:
        name = campaign_facts(session, row.campaign_id).category_name(row.category)
        stands = follow_ups[row.id].status_text if row.id in follow_ups else status_text(row.kind, row.status)
        day = in_shanghai(row.created_at)
        lines.append(f"{day.month}月{day.day}日 {name}：{stands}")
    return lines
