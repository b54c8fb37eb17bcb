"""Drafts: what a follower sends within a while becomes one hazard, finished in the mini program or on the page."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, delete, func, select
from sqlalchemy.orm import Session

from server.channels.official_account import texts
from server.channels.official_account.chat.followers import remove_pictures, say
from server.channels.official_account.models import Draft, DraftPhoto, Follower, PictureState, Voice
from server.channels.official_account.voices.keeping import add_voice, remove_voices
from server.core import ids
from server.core.db import read_ahead
from server.core.errors import Forbidden, NotFound
from server.core.jobs.actions import enqueue
from server.core.prepared import Prepared
from server.core.settings import Settings
from server.unions.actor import Actor
from server.unions.campaigns.queries import MAX_PHOTOS
from server.wechat.pushes import Point

FETCH_JOB = "official_account.fetch_picture"
TELL_JOB = "official_account.tell_of_draft"
GATHER = timedelta(seconds=4)  # pictures come in bunches: one answer for what follows the first
MAX_WORDS = 1000
MEGABYTE = 1024 * 1024
PURPOSE = "channel-draft/1"


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was fetched and looked at."""

    media_type: str
    size: int
    sha256: str


def object_key(photo_id: UUID) -> str:
    """Where a picture of a draft is kept until the draft is sent or deleted."""
    return f"drafts/{photo_id.hex[-2:]}/{photo_id}"


def draft_key(settings: Settings, draft_id: UUID) -> str:
    """What a link to the draft carries: whoever has it may open the draft."""
    secret = settings.secret_key.get_secret_value().encode()
    digest = hmac.digest(secret, f"{PURPOSE}|{draft_id}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:18]).decode()


def find_open_draft(session: Session, follower: Follower, settings: Settings, now: datetime) -> Draft | None:
    """The draft that what comes now belongs to. The follower is locked."""
    since = now - timedelta(minutes=settings.official_account_draft_minutes)
    return session.scalar(
        select(Draft)
        .where(Draft.follower_id == follower.id, Draft.updated_at > since)
        .order_by(Draft.id.desc())
        .limit(1)
        .with_for_update()
    )


def add_picture(session: Session, follower: Follower, media_id: str, settings: Settings, *, now: datetime) -> None:
    """Let a picture join the open draft, or begin one; it is fetched at once by a job."""
    if _has_used_up_day(session, follower, settings, now):
        say(session, follower, texts.DAY_FULL, now=now)
        return
    draft = find_open_draft(session, follower, settings, now)
    if draft is None:
        draft = Draft(id=ids.new_id(), follower_id=follower.id, created_at=now, updated_at=now, revision=0,
                      told_revision=0, words="", place="")  # fmt: skip
        session.add(draft)
        session.flush()
    count = session.scalar(select(func.count()).where(DraftPhoto.draft_id == draft.id)) or 0
    if count >= MAX_PHOTOS:
        say(session, follower, texts.FULL.format(most=MAX_PHOTOS), now=now)
        return
    photo = DraftPhoto(id=ids.new_id(), draft_id=draft.id, position=count, media_id=media_id)
    session.add(photo)
    draft.updated_at = now
    session.flush()
    enqueue(session, FETCH_JOB, photo_id=photo.id)


def _has_used_up_day(session: Session, follower: Follower, settings: Settings, now: datetime) -> bool:
    """Whether as much has come in a day as one person may send by the phone. What went on from here counts there."""
    statement = (
        select(func.count(DraftPhoto.id), func.sum(DraftPhoto.size))
        .join(Draft, Draft.id == DraftPhoto.draft_id)
        .where(Draft.follower_id == follower.id, Draft.updated_at > now - timedelta(days=1))
    )
    photos, size = session.execute(statement).one()
    return photos >= settings.day_photos or (size or 0) >= settings.day_photo_megabytes * MEGABYTE


def add_words(session: Session, follower: Follower, draft: Draft, words: str, *, now: datetime) -> None:
    """Let words join the draft."""
    joined = f"{draft.words}\n{words}".strip()
    if len(joined) > MAX_WORDS:
        say(session, follower, texts.WORDS_FULL, now=now)
    draft.words = joined[:MAX_WORDS]
    grow(session, draft, now)


def add_spoken(
    session: Session, follower: Follower, draft: Draft, media_id: str, heard: str, *, now: datetime
) -> None:  # fmt: skip
    """Let a voice message join the draft, and what WeChat heard of it the draft's words."""
    if not add_voice(session, draft, media_id, heard, now=now):
        say(session, follower, texts.VOICES_FULL, now=now)
    if heard:
        add_words(session, follower, draft, heard, now=now)


def add_point(session: Session, draft: Draft, point: Point, *, now: datetime) -> None:
    """Let a location join the draft; a later one takes its place."""
    draft.latitude, draft.longitude, draft.place = point.latitude, point.longitude, point.label[:200]
    grow(session, draft, now)


def settle_picture(session: Session, photo_id: UUID, kept: Kept | None, reason: str, *, now: datetime) -> bool:
    """Note that a picture is kept, or refused for `reason`. False if it is settled already, or nobody's any more."""
    photo = session.scalar(
        select(DraftPhoto).where(DraftPhoto.id == photo_id, DraftPhoto.state == PictureState.AWAITED).with_for_update()
    )
    if photo is None:
        return False
    draft = session.scalars(select(Draft).where(Draft.id == photo.draft_id).with_for_update()).one()
    if kept is None:
        photo.state, photo.reason = PictureState.REFUSED, reason[:200]
    else:
        photo.state, photo.media_type, photo.size, photo.sha256 = (
            PictureState.KEPT, kept.media_type, kept.size, kept.sha256,
        )  # fmt: skip
    grow(session, draft, now, touch=False)
    return True


def grow(session: Session, draft: Draft, now: datetime, *, touch: bool = True) -> None:
    """Have the follower told: of the first thing at once, of more when nothing has come for a moment."""
    draft.revision += 1
    if touch:
        draft.updated_at = now
    session.flush()
    later = now + GATHER if draft.told_revision else None
    enqueue(session, TELL_JOB, run_at=later, draft_id=draft.id, revision=draft.revision)


def tell_of_draft(session: Session, draft_id: UUID, revision: int, settings: Settings, *, now: datetime) -> None:
    """Say what has come so far, unless more has come since: then that will be said."""
    draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update())
    if draft is None or draft.revision != revision or draft.told_revision >= revision:
        return
    photos = session.scalars(select(DraftPhoto).where(DraftPhoto.draft_id == draft_id)).all()
    kept = sum(photo.state is PictureState.KEPT for photo in photos)
    parts = [f"{kept} 张照片"] if kept else []
    voices = session.scalars(select(Voice).where(Voice.draft_id == draft_id)).all()
    spoken = sum(voice.state is PictureState.KEPT for voice in voices)
    parts += [f"{spoken} 段语音"] if spoken else []
    parts += ["位置"] if draft.latitude is not None else []
    parts += ["文字说明"] if draft.words else []
    settled = [(each.state, each.reason) for each in photos] + [(each.state, each.reason) for each in voices]
    refused = [reason or "" for state, reason in settled if state is PictureState.REFUSED]
    said = texts.draft_text(settings, draft.id, draft_key(settings, draft.id), parts if kept else [], refused)
    if said:
        follower = session.get_one(Follower, draft.follower_id)
        draft.told_revision = revision
        say(session, follower, said, now=now)


def take_draft(session: Session, draft_id: UUID, key: str, actor: Actor, settings: Settings) -> Draft:
    """Open a draft by its link. It is theirs who opens it first, or whom the follower is known to be.

    Raises NotFound, and Forbidden when it is somebody else's.
    """
    wanted = draft_key(settings, draft_id)
    genuine = hmac.compare_digest(wanted.encode(), key.encode("utf-8", "replace"))
    draft = session.scalar(select(Draft).where(Draft.id == draft_id).with_for_update()) if genuine else None
    if draft is None:
        raise NotFound("没有这份草稿：可能已经提交，或者放得太久删掉了。", code="draft_gone")
    known = session.scalar(select(Follower.person_id).where(Follower.id == draft.follower_id))
    if (draft.person_id or known or actor.person_id) != actor.person_id:
        raise Forbidden("这份草稿是别人的，请用发照片的那个微信打开。", code="draft_of_another")
    draft.person_id = actor.person_id
    session.flush()
    return draft


_DRAFTS = cast(Table, Draft.__table__).c
_IS_DRAFT = Prepared(select(_DRAFTS.id).where(_DRAFTS.id == bindparam("draft_id")))


def is_draft(session: Session, draft_id: UUID) -> bool:
    """Whether there is a draft with that id; every report that arrives is looked for."""
    return bool(read_ahead(session, _IS_DRAFT, {"draft_id": draft_id}))


def drop_draft(session: Session, draft_id: UUID) -> Follower | None:
    """Delete a draft with its pictures and voice messages. Returns whose it was, None if there is none."""
    follower = session.scalar(
        select(Follower).join(Draft, Draft.follower_id == Follower.id).where(Draft.id == draft_id)
    )
    if follower is not None:
        remove_pictures(session, list(session.scalars(select(DraftPhoto.id).where(DraftPhoto.draft_id == draft_id))))
        remove_voices(session, session.scalars(select(Voice.id).where(Voice.draft_id == draft_id)).all())
        session.execute(delete(Draft).where(Draft.id == draft_id).execution_options(synchronize_session=False))
    return follower
