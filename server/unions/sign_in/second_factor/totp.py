"""The second factor: time-based codes (RFC 6238, six digits, thirty seconds)."""

import hmac
from datetime import datetime

import pyotp
import segno

ISSUER = "安全随手拍"
STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off, either way


def new_secret() -> str:
    """A fresh secret of 160 bits in base 32."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step that `code` belongs to, None if it fits none of those around now."""
    plain = code.replace(" ", "")
    if not secret or len(plain) != 6 or not (plain.isascii() and plain.isdigit()):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(generator.at(step * STEP_SECONDS), plain):
            return step
    return None


def enrolment_svg(secret: str, username: str) -> str:
    """The QR code that an authenticator app scans, as inline SVG."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    return segno.make(uri, error="m").svg_inline(scale=4, dark="#1b2733", border=2)
