"""Tests and certificates of training."""

from server.core.slice import ERASED_NAME, AuditWords, PersonalRows, Slice, owned_by
from server.oversight.certificates.models import TrainingCertificate

SLICE = Slice(
    exports={"training_certificates_console.marks": "考核成绩表"},
    audit=AuditWords(
        actions={
            "training_test.marked": "登记考核成绩",
            "training_certificate.issued": "发培训证书",
            "training_certificate.withdrawn": "撤销培训证书",
        },
        subjects={"training_certificate": "培训证书"},
        details={"marks": "改了几个成绩", "certificates": "几张证书"},
    ),
    personal=(
        PersonalRows(
            model=TrainingCertificate,
            rows=owned_by(TrainingCertificate.person_id),
            title="培训证书",
            is_counted=True,
            blanked={"name": ERASED_NAME, "enterprise_name": ""},
            struck=("reason",),
        ),
    ),
)
