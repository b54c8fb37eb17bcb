"""The official account's chat."""

from server.channels.official_account.models import Draft, Follower, PictureState, Voice
from server.channels.official_account.voices.keeping import object_key
from server.core.slice import AuditWords, PersonalRows, Slice, StoredFile, owned_by
from server.review.submissions.queries import sent_by

SLICE = Slice(
    audit=AuditWords(
        actions={"follower.forgotten": "取消关注，清除记录"},
        subjects={"follower": "关注者"},
    ),
    personal=(
        PersonalRows(model=Follower, rows=owned_by(Follower.person_id), title="公众号关注"),
        PersonalRows(
            model=Voice,
            rows=sent_by(Voice.submission_id),
            title="公众号语音",
            hidden=frozenset({"media_id"}),
            is_counted=True,
            stored=StoredFile(
                there=Voice.state == PictureState.KEPT,
                name=lambda voice: f"语音/{voice.submission_id}/{voice.id}.mp3",
                key=lambda voice: object_key(voice.id),
            ),
        ),
        PersonalRows(model=Draft, rows=owned_by(Draft.person_id), title="公众号草稿"),
    ),
)
