"""What may be done without having agreed to the privacy policy: to look, to leave, and to have one's data back."""

from flask import request

from server.core.errors import Forbidden
from server.core.web.access import Actor as Caller
from server.unions.actor import Actor

READING = frozenset({"GET", "HEAD", "OPTIONS"})
WITHOUT_CONSENT = frozenset(
    {"session.end", "consent.decide", "own_data.read", "own_data.export", "own_data.erase", "submission.withdraw_own"}
)
"""Permissions that hold for a worker who has not agreed, or does not any more."""


def require_consent(caller: Caller, permission: str | None) -> None:
    """Let nobody's data be taken before they have agreed: whatever a worker sends is refused, whatever is new too.

    Raises Forbidden `consent_needed`.
    """
    if not isinstance(caller, Actor) or not caller.is_worker or caller.has_consented:
        return
    if request.method not in READING and permission not in WITHOUT_CONSENT:
        raise Forbidden("请先看过并同意隐私说明，再继续。", code="consent_needed")
