"""Writes of voice messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from server.channels.official_account.models import Draft, PictureState, Voice
from server.core import ids
from server.core.jobs.actions import enqueue
from server.review.submissions.models import Submission

FETCH_JOB, REMOVE_JOB = "official_account.fetch_voice", "official_account.remove_voice"
MOST = 9  # of one draft, like its photos


@dataclass(frozen=True, slots=True)
class Kept:
    """A voice message that was fetched and can be played."""

    size: int
    seconds: int


def object_key(voice_id: UUID) -> str:
    """Where it lies."""
    return f"voices/{voice_id.hex[-2:]}/{voice_id}.mp3"


def add_voice(session: Session, draft: Draft, media_id: str, heard: str, *, now: datetime) -> bool:
    """Let a voice message join the draft; it is fetched at once by a job. False if there are too many."""
    if (session.scalar(select(func.count()).where(Voice.draft_id == draft.id)) or 0) >= MOST:
        return False
    voice = Voice(id=ids.new_id(), draft_id=draft.id, media_id=media_id, heard=heard, created_at=now)
    session.add(voice)
    draft.updated_at = now
    session.flush()
    enqueue(session, FETCH_JOB, voice_id=voice.id)
    return True


def settle_voice(session: Session, voice_id: UUID, kept: Kept | None, reason: str) -> Voice | None:
    """Note that it is kept, or refused for `reason`. None if it is settled already, or nobody's any more."""
    voice = session.scalar(
        select(Voice).where(Voice.id == voice_id, Voice.state == PictureState.AWAITED).with_for_update()
    )
    if voice is None:
        return None
    if kept is None:
        voice.state, voice.reason = PictureState.REFUSED, reason[:200]
    else:
        voice.state, voice.size, voice.seconds = PictureState.KEPT, kept.size, kept.seconds
    session.flush()
    return voice


def pass_on(session: Session, submission_id: UUID) -> None:
    """Let the report that a draft became have its voice messages; none if it is anonymous."""
    submission = session.get(Submission, submission_id)
    if submission is not None and not submission.is_anonymous:
        session.execute(
            update(Voice)
            .where(Voice.draft_id == submission_id)
            .values(draft_id=None, submission_id=submission_id)
            .execution_options(synchronize_session=False)
        )


def remove_voices(session: Session, voice_ids: Sequence[UUID]) -> None:
    """Forget these, and have their files removed once that is committed."""
    for voice_id in voice_ids:
        enqueue(session, REMOVE_JOB, voice_id=voice_id)
    session.execute(delete(Voice).where(Voice.id.in_(voice_ids)).execution_options(synchronize_session=False))
