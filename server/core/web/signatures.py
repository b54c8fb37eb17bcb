"""Signatures of links that open something to whoever has them."""

import base64
import hashlib
import hmac

from server.core.settings import Settings


def sign(settings: Settings, *words: object) -> str:
    """The signature of a link. The first of the words names its purpose, so that none is good for another."""
    return sign_by(settings.secret_key.get_secret_value(), *words)


def sign_by(secret: str, *words: object) -> str:
    """The same by the secret itself."""
    digest = hmac.digest(secret.encode(), "|".join(map(str, words)).encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:18]).decode()


def is_genuine(settings: Settings, signature: str, *words: object) -> bool:
    """Whether we made it. Takes the same time whatever is wrong with it."""
    return hmac.compare_digest(sign(settings, *words).encode(), signature.encode("utf-8", "replace"))
