"""Where certificates are found."""

from uuid import UUID

from flask import has_request_context, request
from sqlalchemy.orm import Session

from server.core.db import settings_of


def verify_path(code: str) -> str:
    """The public page of a certificate, within this site."""
    return f"/certificates/{code}"


def verify_url(session: Session, code: str) -> str:
    """The public page of a certificate, for people elsewhere; without an address of the site, its path alone."""
    public_url = settings_of(session).public_url
    base = public_url or (request.url_root if has_request_context() else "")
    return base.rstrip("/") + verify_path(code)


def picture_key(certificate_id: UUID) -> str:
    """Where a certificate's picture lies in the object store."""
    return f"certificates/{certificate_id}.png"
