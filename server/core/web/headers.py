"""Security headers on every answer."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, request
from flask_talisman import Talisman

from server.core.settings import Settings

PRIVATE = ("/api/", "/console")
OPTIONS = "talisman_view_options"  # where Talisman looks for what a view has of its own
V = TypeVar("V", bound=Callable[..., Any])


def content_policy(
    photo_origin: str | None = None, *, map_origin: str | None = None, inline_styles: bool = False
) -> dict[str, list[str]]:
    """The Content-Security-Policy: everything from here, nothing inline.

    `photo_origin`: where signed links to photos lead, if not here (an S3 store). `map_origin`: where tiles of maps come
    from. `inline_styles`: for the worker's H5 page alone, because uni-app sets style attributes from its
    scripts.
    """
    elsewhere = [photo_origin] if photo_origin else []
    tiles = [map_origin] if map_origin else []
    return {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", *(["'unsafe-inline'"] if inline_styles else [])],
        "img-src": ["'self'", "data:", "blob:", *elsewhere, *tiles],
        "connect-src": ["'self'", "blob:", *elsewhere],
        "media-src": ["'self'", "blob:", *elsewhere],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }


def sandboxed(view: V) -> V:
    """Mark a view that hands out what came from outside: whatever it is taken for, nothing of it runs or is loaded."""
    setattr(view, OPTIONS, {"content_security_policy": {"default-src": "'none'", "sandbox": ""}})
    return view


def policy_text(policy: dict[str, list[str]]) -> str:
    """The header's value, for answers that do not pass through Flask (static files)."""
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())


def install(app: Flask, settings: Settings, photo_origin: str | None = None) -> None:
    """Strict headers on every page and answer."""
    https = settings.public_url.startswith("https://")
    Talisman(
        app,
        force_https=False,  # TLS ends at the proxy, which redirects
        session_cookie_secure=https,
        session_cookie_samesite="Lax",
        strict_transport_security=https,
        frame_options="DENY",
        referrer_policy="same-origin",
        permissions_policy={"camera": "(self)", "geolocation": "(self)", "microphone": "()"},
        content_security_policy=content_policy(photo_origin, map_origin=settings.map_origin),
    )
    app.after_request(keep_nothing_private)


def keep_nothing_private(response: Response) -> Response:
    """No browser and no proxy keeps an answer, unless its view said that it may be kept for a while, or by its reader
    alone to be asked for again by its ETag; public pages may always be asked for again."""
    control = response.cache_control
    is_asked_again = "ETag" in response.headers and (control.private or not request.path.startswith(PRIVATE))
    may_be_kept = bool(control.max_age) or is_asked_again
    if not may_be_kept:
        response.headers["Cache-Control"] = "no-store"
    return response
