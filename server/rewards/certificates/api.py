"""JSON for the worker's side: one's certificate."""

from uuid import UUID

from apiflask import APIBlueprint

from server.core.web.access import requires
from server.core.web.unit_of_work import session
from server.rewards.certificates.printing.addresses import verify_path, verify_url
from server.rewards.certificates.queries import get_own
from server.rewards.certificates.schemas import CertificateOut
from server.unions.actor import current_actor

bp = APIBlueprint("certificates", __name__, url_prefix="/api/v1", tag="certificates")


@bp.get("/quizzes/<uuid:quiz_id>/certificate")
@requires("certificate.read_own")
@bp.output(CertificateOut)
def certificate(quiz_id: UUID) -> CertificateOut:
    """我的通关证书"""
    found = get_own(session(), quiz_id, current_actor().person_id)
    return CertificateOut(
        code=found.code,
        issued_at=found.issued_at,
        image_url=f"{verify_path(found.code)}/image",
        verify_url=verify_url(session(), found.code),
    )
