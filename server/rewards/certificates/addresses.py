"""Where certificates are found from outside."""

from flask import current_app, request


def verify_path(code: str) -> str:
    """The public page of a certificate, within this site."""
    return f"/certificates/{code}"


def verify_url(code: str) -> str:
    """The public page of a certificate, for people elsewhere."""
    base = current_app.extensions["settings"].public_url or request.url_root
    return base.rstrip("/") + verify_path(code)
