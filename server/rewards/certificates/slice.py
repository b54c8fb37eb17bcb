"""Certificates of having passed."""

from server.core.slice import AuditWords, Slice

SLICE = Slice(
    audit=AuditWords(
        actions={"certificate.issue": "发证书"},
        subjects={"certificate": "证书"},
    ),
)
