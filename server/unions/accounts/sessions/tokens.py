"""Tokens: random, opaque; only their SHA-256 is kept."""

import hashlib
import secrets

TOKEN_BYTES = 32
TOKEN_LENGTH = 43  # characters of 32 bytes in URL-safe base64 without padding


def new_token() -> str:
    """A fresh token."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """What the database keeps of a token. Tokens have 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
