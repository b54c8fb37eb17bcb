"""What becomes of a push: written down once at the door, dealt with once by a job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from server.channels.official_account import texts
from server.channels.official_account.chat import drafts
from server.channels.official_account.chat.consent import ask_consent, has_agreed, take_consent
from server.channels.official_account.chat.followers import forget_follower, lock_follower, note_sign_of_life, say
from server.channels.official_account.chat.receiving import asked_for, content_of
from server.channels.official_account.models import Door, Follower, ReceivedPush
from server.channels.official_account.texts import NO, YES, Keyword
from server.core import ids
from server.core.audit.actions import record
from server.core.db import upsert
from server.core.errors import NotFound
from server.core.jobs.actions import enqueue
from server.core.settings import Settings
from server.review.safety.actions import record_media_result
from server.unions.people.profile.actions import bind_to_enterprise
from server.unions.tree.queries import get_enterprise
from server.wechat.parsing import PushForbidden
from server.wechat.pushes import Point, Push
from server.wechat.verdicts import MediaChecked

HANDLE_JOB = "official_account.handle_push"
TELL_REPORTS_JOB = "official_account.tell_of_reports"
ASK_JOB = "official_account.ask_to_join"

_TABLE = cast(Table, ReceivedPush.__table__)
_INSERT = upsert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id)


def take_push(session: Session, door: Door, push: Push, seal: str, *, now: datetime) -> bool:
    """Write a push down with the job that deals with it. False if it is here already.

    Raises PushForbidden if its signature came with another push before.
    """
    row = {"id": ids.new_id(), "door": door, "key": push.key, "seal": seal, "openid": push.openid,
           "content": content_of(push), "received_at": now}  # fmt: skip
    push_id = session.scalar(_INSERT, row)
    if push_id is not None:
        enqueue(session, HANDLE_JOB, push_id=push_id)
        return True
    known = select(ReceivedPush.id).where(ReceivedPush.door == door, ReceivedPush.key == push.key)
    if session.scalar(known) is None:
        raise PushForbidden
    return False


def handle_push(session: Session, push_id: UUID, settings: Settings, *, now: datetime) -> None:
    """Deal with a push and with what the same person sent before it, in the order in which it came."""
    row = session.scalar(select(ReceivedPush).where(ReceivedPush.id == push_id))
    if row is None or row.openid is None:
        return
    if row.door is Door.OFFICIAL_ACCOUNT:
        _handle_chat(session, row.openid, push_id, settings, now)
        return
    verdict = session.scalar(
        select(ReceivedPush)
        .where(ReceivedPush.id == push_id, ReceivedPush.done_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if verdict is not None:
        _record_verdict(session, verdict.content or {}, now)
        _finish(verdict, now)


def _handle_chat(session: Session, openid: str, push_id: UUID, settings: Settings, now: datetime) -> None:
    app_id = settings.official_account_app_id
    follower: Follower | None = lock_follower(session, app_id, openid, now=now)
    waiting = (
        select(ReceivedPush)
        .where(ReceivedPush.door == Door.OFFICIAL_ACCOUNT, ReceivedPush.openid == openid)
        .where(ReceivedPush.done_at.is_(None), ReceivedPush.id <= push_id)
        .order_by(ReceivedPush.id)
        .execution_options(populate_existing=True)
    )
    for row in session.scalars(waiting).all():
        push = _push_of(row)
        if push.event == "unsubscribe":
            _forget(session, follower, now)
            follower = None
        else:
            follower = follower or lock_follower(session, app_id, openid, now=now)
            note_sign_of_life(follower, push, now)
            session.flush()
            _answer(session, follower, push, settings, now)
        _finish(row, now)
        session.flush()


def _answer(session: Session, follower: Follower, push: Push, settings: Settings, now: datetime) -> None:
    if push.scene:
        _scanned(session, follower, push.scene)
    elif push.kind == "image" and push.media_id:
        _showed(session, follower, push.media_id, settings, now)
    elif push.kind == "location":
        _placed(session, follower, push.point, settings, now)
    elif asked_for(push) is Keyword.MINE:
        enqueue(session, TELL_REPORTS_JOB, follower_id=follower.id)
    elif push.kind == "text" and asked_for(push) is None:
        _wrote(session, follower, push.text, settings, now)
    elif push.kind == "voice":
        _spoke(session, follower, push, settings, now)
    elif push.kind not in ("event", "text"):
        say(session, follower, texts.OTHER_KIND, now=now)


def _showed(session: Session, follower: Follower, media_id: str, settings: Settings, now: datetime) -> None:
    if has_agreed(session, follower):
        drafts.add_picture(session, follower, media_id, settings, now=now)
    else:
        ask_consent(session, follower, settings, now=now)


def _wrote(session: Session, follower: Follower, words: str, settings: Settings, now: datetime) -> None:
    """An answer to one of our questions, or words for the draft."""
    is_asked = follower.asked_until is not None and follower.asked_until > now
    agreed = has_agreed(session, follower)
    said = texts.is_consent(words)
    if said is not None and not agreed:
        take_consent(session, follower, agrees=said, now=now)
        return
    if is_asked and words in (YES | NO if agreed else NO):
        _join(session, follower, agrees=words in YES, now=now)
        return
    draft = drafts.find_open_draft(session, follower, settings, now)
    if draft is None and not (is_asked and words in YES):
        _explained(session, follower, words, settings, now)
    elif not agreed:
        ask_consent(session, follower, settings, now=now)
    elif draft is not None and words:
        drafts.add_words(session, follower, draft, words, now=now)


def _spoke(session: Session, follower: Follower, push: Push, settings: Settings, now: datetime) -> None:
    """Voice and words for the draft. What a machine heard consents to nothing and joins nobody to an enterprise."""
    draft = drafts.find_open_draft(session, follower, settings, now)
    if draft is None:
        if push.text:
            _explained(session, follower, push.text.rstrip("。？！?!"), settings, now)
        else:
            say(session, follower, texts.NOT_HEARD, now=now)
    elif not has_agreed(session, follower):
        ask_consent(session, follower, settings, now=now)
    elif push.media_id:
        drafts.add_spoken(session, follower, draft, push.media_id, push.text, now=now)
    elif push.text:
        drafts.add_words(session, follower, draft, push.text, now=now)


def _explained(session: Session, follower: Follower, words: str, settings: Settings, now: datetime) -> None:
    """An answer to words that no draft waits for: those of a draft are about a hazard, whatever they say."""
    asked = texts.ordinary_keyword_of(words)
    if asked is Keyword.MINE:
        enqueue(session, TELL_REPORTS_JOB, follower_id=follower.id)
        return
    answers = {Keyword.PLAY: texts.play_text, Keyword.HELP: texts.help_text}
    say(session, follower, answers[asked](settings) if asked else texts.NO_DRAFT, now=now)


def _placed(session: Session, follower: Follower, point: Point | None, settings: Settings, now: datetime) -> None:
    draft = drafts.find_open_draft(session, follower, settings, now)
    if draft is None or point is None:
        say(session, follower, texts.NO_PLACE if draft else texts.NO_DRAFT, now=now)
    elif not has_agreed(session, follower):
        ask_consent(session, follower, settings, now=now)
    else:
        drafts.add_point(session, draft, point, now=now)


def _join(session: Session, follower: Follower, *, agrees: bool, now: datetime) -> None:
    union_id = follower.asked_union_id
    follower.asked_union_id = follower.asked_until = None
    session.flush()
    if union_id is None or follower.person_id is None:
        return
    if not agrees:
        say(session, follower, texts.NOT_JOINED, now=now)
        return
    try:
        enterprise = get_enterprise(session, union_id)
    except NotFound:
        say(session, follower, texts.UNKNOWN_CODE, now=now)
        return
    bind_to_enterprise(session, follower.person_id, enterprise, by="invite", now=now)
    say(session, follower, texts.JOINED.format(name=enterprise.name), now=now)


def _scanned(session: Session, follower: Follower, scene: str) -> None:
    code = texts.invite_code_of(scene)
    if code is not None:
        enqueue(session, ASK_JOB, follower_id=follower.id, invite_code=code)


def _forget(session: Session, follower: Follower | None, now: datetime) -> None:
    if follower is not None:
        record(session, "follower.forgotten", subject_type="follower", subject_id=follower.id, actor_id=None, at=now)
        forget_follower(session, follower)


def _record_verdict(session: Session, content: Mapping[str, Any], now: datetime) -> None:
    if content.get("media_checked"):
        record_media_result(session, MediaChecked(*content["media_checked"]), now=now)


def _push_of(row: ReceivedPush) -> Push:
    content = dict(row.content or {})
    point, checked = content.pop("point"), content.pop("media_checked")
    return Push(
        row.key, "", row.openid or "", **content,
        point=Point(*point) if point else None, media_checked=MediaChecked(*checked) if checked else None,
    )  # fmt: skip


def _finish(row: ReceivedPush, now: datetime) -> None:
    row.done_at, row.content, row.openid = now, None, None
