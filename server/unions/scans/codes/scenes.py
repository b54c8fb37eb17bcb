"""Codes to scan: what a scene may hold of a mini-program code, and the page that it opens. Pure."""

import secrets

SCAN_PAGE = "pages/profile/scan"
SCAN_PREFIX = "s="


def new_scan_code() -> str:
    """A fresh code of 128 random bits in 22 characters."""
    return secrets.token_urlsafe(16)


def scan_scene(code: str) -> str:
    """The scene, at most 32 characters of those that WeChat takes."""
    return SCAN_PREFIX + code
