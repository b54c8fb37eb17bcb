"""The doors for WeChat's pushes, and for the phone that takes over a draft."""

from typing import cast
from uuid import UUID

import structlog
from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, current_app, make_response, request, send_file

from server.channels.official_account.actions import take_push
from server.channels.official_account.chat.drafts import object_key, take_draft
from server.channels.official_account.chat.receiving import instant_answer, keyhole, read_body
from server.channels.official_account.models import Door
from server.channels.official_account.queries import (
    describe_draft,
    get_picture_of_own,
    get_voice,
    list_voices,
    require_own,
)
from server.channels.official_account.schemas import DraftKeyIn, DraftOut, VoicesOut
from server.channels.official_account.voices.playing import answer_voice
from server.channels.official_account.voices.sound import MEDIA_TYPE
from server.core import clock
from server.core.errors import AppError
from server.core.settings import Settings
from server.core.storage.base import ObjectStore
from server.core.web.access import public, requires
from server.core.web.unit_of_work import read_only_session, session
from server.unions.actor import current_actor
from server.wechat.pushes import read_push
from server.wechat.replies import SUCCESS, text_reply

bp = APIBlueprint("official_account", __name__, tag="drafts")
log = structlog.get_logger(__name__)


@bp.get("/wechat/official-account")
@bp.get("/wechat/mini-program", endpoint="check_mini_program")
@public  # the signature is the permission
@bp.doc(hide=True)
def check_address() -> Response:
    """WeChat asks whether this address is ours."""
    try:
        return _plain(keyhole(_settings(), _door()).check_address(request.args, clock.now()))
    except AppError as error:
        return _refused(error)


@bp.post("/wechat/official-account")
@bp.post("/wechat/mini-program", endpoint="push_mini_program")
@public
@bp.doc(hide=True)
def receive_push() -> Response:
    """Write a push down once, and answer at once: all work is done later."""
    now, settings, door = clock.now(), _settings(), _door()
    try:
        lock = keyhole(settings, door)
        lock.check_sender(request.args, now)
        opened = lock.open(request.args, read_body(request), now)
        push = read_push(opened.fields)
        take_push(session(), door, push, opened.seal, now=now)
    except AppError as error:
        return _refused(error)
    said = instant_answer(push, settings) if door is Door.OFFICIAL_ACCOUNT else None
    if said is None:
        return _plain(SUCCESS)
    answer = lock.seal(text_reply(push, said, int(now.timestamp())), opened.key, request.args, now)
    return _plain(answer, "application/xml")


@bp.post("/api/v1/drafts/<uuid:draft_id>")
@requires("channel_draft.take")
@bp.input(DraftKeyIn, arg_name="body")
@bp.output(DraftOut)
def open_draft(draft_id: UUID, body: DraftKeyIn) -> DraftOut:
    """打开在公众号里发起的草稿；先打开的人得到它"""
    draft = take_draft(session(), draft_id, body.key, current_actor(), _settings())
    return describe_draft(session(), draft, _settings())


@bp.get("/api/v1/drafts/<uuid:draft_id>/photos/<int:position>")
@requires("channel_draft.take")
@bp.output(FileSchema(), content_type="image/*")
@bp.doc(summary="草稿里的一张照片")
def get_draft_photo(draft_id: UUID, position: int) -> Response:
    """Hand out one picture of one's own draft."""
    with read_only_session() as reader:
        photo = get_picture_of_own(reader, draft_id, position, current_actor())
    store = cast(ObjectStore, current_app.extensions["object_store"])
    response = send_file(store.open(object_key(photo.id)), mimetype=photo.media_type, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@bp.get("/api/v1/submissions/<uuid:submission_id>/voices")
@requires("channel_voice.hear_own")
@bp.output(VoicesOut)
def read_own_voices(submission_id: UUID) -> VoicesOut:
    """我在公众号里为这一条说的话"""
    require_own(session(), submission_id, current_actor())
    return VoicesOut(voices=list_voices(session(), submission_id))


@bp.get("/api/v1/submissions/<uuid:submission_id>/voices/<uuid:voice_id>")
@requires("channel_voice.hear_own")
@bp.output(FileSchema(), content_type=MEDIA_TYPE)
@bp.doc(summary="其中的一段")
def hear_own_voice(submission_id: UUID, voice_id: UUID) -> Response:
    """Hand out one voice message of one's own report."""
    with read_only_session() as reader:
        require_own(reader, submission_id, current_actor())
        get_voice(reader, submission_id, voice_id)
    return answer_voice(voice_id)


def _door() -> Door:
    return Door.MINI_PROGRAM if request.path.endswith("mini-program") else Door.OFFICIAL_ACCOUNT


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["settings"])


def _plain(text: str, media_type: str = "text/plain") -> Response:
    response = make_response(text)
    response.mimetype = media_type
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _refused(error: AppError) -> Response:
    log.warning("push_refused", reason=error.code, door=_door().value)
    response = _plain(error.message)
    response.status_code = error.status
    return response
