"""The official account's chat."""

from server.channels.official_account.models import Draft, Follower, Voice
from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
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
        ),
        PersonalRows(model=Draft, rows=owned_by(Draft.person_id), title="公众号草稿"),
    ),
)
