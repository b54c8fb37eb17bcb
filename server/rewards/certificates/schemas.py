"""Shapes of certificates."""

from server.core.web.schemas import Instant, Out


class CertificateOut(Out):
    """One's certificate: where its picture lies, and where anybody may verify it."""

    code: str
    issued_at: Instant
    image_url: str
    verify_url: str
