"""The official account's chat."""

from server.channels.official_account.models import Draft, Follower
from server.core.slice import AuditWords, PersonalRows, Slice, owned_by

SLICE = Slice(
    audit=AuditWords(
        actions={"follower.forgotten": "取消关注，清除记录"},
        subjects={"follower": "关注者"},
    ),
    personal=(
        PersonalRows(model=Follower, rows=owned_by(Follower.person_id), title="公众号关注"),
        PersonalRows(model=Draft, rows=owned_by(Draft.person_id), title="公众号草稿"),
    ),
)
