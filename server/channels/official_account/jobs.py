"""Work behind the chat. Nothing here holds a transaction while it asks WeChat."""

import hashlib
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.channels.official_account import actions, texts
from server.channels.official_account.chat import drafts, followers
from server.channels.official_account.chat.answering import begin_saying, settle_saying
from server.channels.official_account.chat.drafts import Kept, drop_draft, object_key, settle_picture, tell_of_draft
from server.channels.official_account.chat.followers import say
from server.channels.official_account.models import Draft, DraftPhoto, Follower, PictureState, ReceivedPush, Voice
from server.channels.official_account.queries import list_report_lines
from server.channels.official_account.voices import keeping
from server.channels.official_account.voices.sound import MEDIA_TYPE, playable_limited
from server.core import clock
from server.core.jobs.models import Priority
from server.core.jobs.registry import JobContext, job, periodic
from server.core.storage.base import StorageError, staging_file
from server.photos.formats import inspect
from server.photos.upload.refusals import PhotoRefused, too_large
from server.unions.people.queries import find_person_by_unionid, find_person_by_wechat, get_person
from server.unions.tree.queries import find_union_by_invite_code
from server.wechat.gateway import WechatGateway
from server.wechat.outcomes import WechatRefused, WechatSilent

log = structlog.get_logger(__name__)

PUSHES_KEPT = timedelta(days=1)  # WeChat repeats within seconds
ASKED_FOR = timedelta(minutes=30)
BATCH = 200
MEDIA_GONE = 40007


@job(actions.HANDLE_JOB, "处理公众号消息", priority=Priority.MESSAGE)
def handle_push(ctx: JobContext, push_id: UUID) -> None:
    """Deal with a push; whatever needs WeChat becomes a job of its own."""
    with ctx.database.transaction() as session:
        actions.handle_push(session, push_id, ctx.settings, now=clock.now())


@job(drafts.FETCH_JOB, "取公众号发来的照片", priority=Priority.MESSAGE)
def fetch_picture(ctx: JobContext, photo_id: UUID) -> None:
    """Fetch a picture from WeChat, which keeps it for three days, and look at it as at any photo."""
    with ctx.database.reading() as session:
        wanted = (DraftPhoto.id == photo_id, DraftPhoto.state == PictureState.AWAITED)
        media_id = session.scalar(select(DraftPhoto.media_id).where(*wanted))
    if media_id is None:
        return
    kept, reason = None, ""
    try:
        kept = _fetch(ctx, photo_id, media_id)
    except PhotoRefused as error:
        reason = error.message
    except WechatRefused as error:
        if error.errcode != MEDIA_GONE:
            raise
        reason = "这张照片在微信里已经过期，请重新发一次。"
    with ctx.database.transaction() as session:
        counts = settle_picture(session, photo_id, kept, reason, now=clock.now())
    if kept is not None and not counts and not _is_known(ctx, photo_id):
        ctx.object_store.delete(object_key(photo_id))


@job(keeping.FETCH_JOB, "取公众号发来的语音", priority=Priority.MESSAGE)
def fetch_voice(ctx: JobContext, voice_id: UUID) -> None:
    """Fetch a voice message from WeChat, which keeps it for three days, and make it playable."""
    with ctx.database.reading() as session:
        wanted = (Voice.id == voice_id, Voice.state == PictureState.AWAITED)
        media_id = session.scalar(select(Voice.media_id).where(*wanted))
    if media_id is None:
        return
    kept, reason = None, texts.NOT_PLAYABLE
    try:
        content = WechatGateway.of_official_account(ctx.settings, ctx.database).download_voice(media_id).content
        sound = playable_limited(content)
        if sound is not None:
            ctx.object_store.put_bytes(keeping.object_key(voice_id), sound.mp3, MEDIA_TYPE)
            kept = keeping.Kept(len(sound.mp3), max(1, round(sound.seconds)))
    except WechatRefused as error:
        if error.errcode != MEDIA_GONE:
            raise
        reason = texts.VOICE_GONE
    with ctx.database.transaction() as session:
        settled = keeping.settle_voice(session, voice_id, kept, reason)
        draft = session.get(Draft, settled.draft_id, with_for_update=True) if settled and settled.draft_id else None
        if draft is not None:
            drafts.grow(session, draft, clock.now(), touch=False)
    if kept is not None and settled is None:
        remove_voice(ctx, voice_id)


@job(keeping.REMOVE_JOB, "删除公众号语音")
def remove_voice(ctx: JobContext, voice_id: UUID) -> None:
    """Remove the file of a voice message that nothing names any more."""
    with ctx.database.reading() as session:
        is_known = session.get(Voice, voice_id) is not None
    if not is_known:
        ctx.object_store.delete(keeping.object_key(voice_id))


@job(drafts.TELL_JOB, "回复收到的照片", priority=Priority.MESSAGE)
def tell_draft(ctx: JobContext, draft_id: UUID, revision: int) -> None:
    """Say what has come so far."""
    with ctx.database.transaction() as session:
        tell_of_draft(session, draft_id, revision, ctx.settings, now=clock.now())


@job(followers.SEND_JOB, "发公众号回复", priority=Priority.MESSAGE)
def send_answer(ctx: JobContext, answer_id: UUID) -> None:
    """Say something by a customer-service message, once."""
    with ctx.database.transaction() as session:
        saying = begin_saying(session, answer_id, now=clock.now())
    if saying is None:
        return
    error: WechatRefused | WechatSilent | None = None
    try:
        WechatGateway.of_official_account(ctx.settings, ctx.database).send_text(saying.openid, saying.text)
    except (WechatRefused, WechatSilent) as failure:
        error = failure
    with ctx.database.transaction() as session:
        again = settle_saying(session, answer_id, error)
    if error is not None:
        log.warning("answer_not_said", reason=str(error), again=again)
        if again:
            raise error


@job(actions.TELL_REPORTS_JOB, "回复上报进展", priority=Priority.MESSAGE)
def tell_of_reports(ctx: JobContext, follower_id: UUID) -> None:
    """Say how the newest reports stand, if it is known whose they are."""
    identify(ctx, follower_id)
    with ctx.database.transaction() as session:
        follower = session.get(Follower, follower_id)
        if follower is None:
            return
        if follower.person_id is None:
            said = texts.sign_in_text(ctx.settings)
        else:
            said = texts.reports_text(ctx.settings, list_report_lines(session, follower.person_id))
        say(session, follower, said, now=clock.now())


@job(actions.ASK_JOB, "问是否加入单位", priority=Priority.MESSAGE)
def ask_to_join(ctx: JobContext, follower_id: UUID, invite_code: str) -> None:
    """Ask whoever scanned an enterprise's code whether they belong to it; or say where to sign in."""
    identify(ctx, follower_id)
    now = clock.now()
    with ctx.database.transaction() as session:
        follower = session.get(Follower, follower_id, with_for_update=True)
        enterprise = find_union_by_invite_code(session, invite_code)
        if follower is None:
            return
        if enterprise is None:
            say(session, follower, texts.UNKNOWN_CODE, now=now)
        elif follower.person_id is None:
            say(session, follower, texts.join_text(ctx.settings, enterprise.name, f"e={invite_code}"), now=now)
        elif _is_bound(session, follower.person_id, enterprise.id):
            say(session, follower, texts.IN_ALREADY.format(name=enterprise.name), now=now)
        else:
            follower.asked_union_id, follower.asked_until = enterprise.id, now + ASKED_FOR
            say(session, follower, texts.ASK_TO_JOIN.format(name=enterprise.name), now=now)


@job(followers.REMOVE_JOB, "删除公众号照片")
def remove_picture(ctx: JobContext, photo_id: UUID) -> None:
    """Remove the file of a picture that no draft names any more."""
    if not _is_known(ctx, photo_id):
        ctx.object_store.delete(object_key(photo_id))


@periodic("official_account.sweep", "清理公众号草稿", seconds=600)
def sweep(ctx: JobContext) -> None:
    """Delete drafts that nobody sent, and the traces of pushes dealt with."""
    now = clock.now()
    old = now - timedelta(days=ctx.settings.official_account_draft_days)
    with ctx.database.transaction() as session:
        for draft_id in session.scalars(select(Draft.id).where(Draft.updated_at < old).limit(BATCH)).all():
            drop_draft(session, draft_id)
    with ctx.database.transaction() as session:
        done = ReceivedPush.done_at.is_not(None), ReceivedPush.received_at < now - PUSHES_KEPT
        session.execute(delete(ReceivedPush).where(*done).execution_options(synchronize_session=False))


def identify(ctx: JobContext, follower_id: UUID) -> None:
    """Find out who a follower is: by the page they signed in to within WeChat, or by what links the applications."""
    with ctx.database.reading() as session:
        follower = session.get(Follower, follower_id)
        if follower is None or follower.person_id is not None:
            return
        person = find_person_by_wechat(session, follower.app_id, follower.openid)
    unionid = follower.unionid
    if person is None and unionid is None:
        try:
            unionid = WechatGateway.of_official_account(ctx.settings, ctx.database).follower_unionid(follower.openid)
        except (WechatRefused, WechatSilent) as error:
            log.warning("follower_not_identified", reason=str(error))
    with ctx.database.transaction() as session:
        known = session.get(Follower, follower_id, with_for_update=True)
        if known is None:
            return
        if person is None and unionid is not None:
            person = find_person_by_unionid(session, unionid)
        known.unionid = unionid
        known.person_id = person.id if person is not None else None


def _fetch(ctx: JobContext, photo_id: UUID, media_id: str) -> Kept:
    media = WechatGateway.of_official_account(ctx.settings, ctx.database).download_media(media_id)
    size, digest = len(media.content), hashlib.sha256(media.content).hexdigest()
    if size > ctx.settings.photo_max_bytes:
        raise too_large(ctx.settings.photo_max_bytes)
    path = staging_file(ctx.object_store.staging)
    try:
        path.write_bytes(media.content)
        picture = inspect(path, ctx.settings.photo_max_pixels, ctx.settings.photo_decode_bytes)
        ctx.object_store.put_file(object_key(photo_id), path, picture.media_type)
    except OSError as error:
        raise StorageError from error
    finally:
        path.unlink(missing_ok=True)
    return Kept(picture.media_type, size, digest)


def _is_bound(session: Session, person_id: UUID, enterprise_id: UUID) -> bool:
    return get_person(session, person_id).enterprise_id == enterprise_id


def _is_known(ctx: JobContext, photo_id: UUID) -> bool:
    with ctx.database.reading() as session:
        return session.scalar(select(DraftPhoto.id).where(DraftPhoto.id == photo_id)) is not None
