"""Consents to the privacy policy."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.unions.consents.models import PrivacyConsent

SLICE = Slice(
    audit=AuditWords(
        actions={"consent.given": "同意隐私说明", "consent.withdrawn": "不再同意隐私说明"},
        details={"policy": "隐私说明"},
    ),
    personal=(
        PersonalRows(
            model=PrivacyConsent, rows=owned_by(PrivacyConsent.person_id), title="同意的隐私说明", is_removed=True
        ),
    ),
)
