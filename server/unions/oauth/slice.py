"""Signing in on WeChat's page."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={"sign_in.recognised": "微信网页识别身份"},
        details={"app_id": "微信应用"},
    ),
)
