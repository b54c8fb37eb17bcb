"""Certificates of having passed."""

from server.core.slice import AuditWords, PersonalRows, Slice, owned_by
from server.rewards.certificates.models import Certificate
from server.rewards.certificates.panels import PERSON_PANEL

SLICE = Slice(
    person_panels=(PERSON_PANEL,),
    audit=AuditWords(
        actions={"certificate.issue": "发证书"},
        subjects={"certificate": "证书"},
    ),
    personal=(
        PersonalRows(
            model=Certificate,
            rows=owned_by(Certificate.person_id),
            title="证书",
            is_counted=True,
            blanked={"name": "", "enterprise_name": ""},
        ),
    ),
)
