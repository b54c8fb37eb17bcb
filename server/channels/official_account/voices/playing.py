"""Handing a voice message out, to whoever was found to be allowed to hear it."""

from io import BytesIO
from typing import cast
from uuid import UUID

from flask import Response, current_app, send_file

from server.channels.official_account.voices.keeping import object_key
from server.channels.official_account.voices.sound import MEDIA_TYPE
from server.core.storage.base import ObjectStore


def answer_voice(voice_id: UUID) -> Response:
    """Its bytes, or the part of them that a player asks for: Safari plays nothing else."""
    store = cast(ObjectStore, current_app.extensions["object_store"])
    with store.open(object_key(voice_id)) as kept:
        content = kept.read()
    response = send_file(BytesIO(content), mimetype=MEDIA_TYPE, conditional=True, etag=False)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
