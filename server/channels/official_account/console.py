"""What was said in the chat, on the review page of the report that it became."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response

from server.channels.official_account.queries import get_voice, list_voices
from server.channels.official_account.schemas import VoiceOut
from server.channels.official_account.voices.playing import answer_voice
from server.core.web.access import requires
from server.core.web.unit_of_work import read_only_session, session
from server.review.queue.item.queries import get_item
from server.unions.actor import current_actor

bp = Blueprint("official_account_console", __name__, url_prefix="/console", template_folder="voices/templates")


@bp.get("/submissions/<uuid:submission_id>/voices/<uuid:voice_id>")
@requires("submission.review")
def hear(submission_id: UUID, voice_id: UUID) -> Response:
    """One voice message of a report within one's scope; the look at its page is on record."""
    with read_only_session() as reader:
        get_item(reader, submission_id, current_actor())
        get_voice(reader, submission_id, voice_id)
    return answer_voice(voice_id)


@bp.app_template_global("voices_of")
def _voices(submission_id: UUID) -> Sequence[VoiceOut]:
    """The review page asks for them itself."""
    return list_voices(session(), submission_id)
