"""Signing in on WeChat's page."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.unions.oauth.models import OauthVisit

SLICE = Slice(
    audit=AuditWords(
        actions={"sign_in.recognised": "微信网页识别身份"},
        details={"app_id": "微信应用"},
    ),
    personal=(PersonalRows(model=OauthVisit, rows=owned_by(OauthVisit.person_id), is_removed=True),),
)
