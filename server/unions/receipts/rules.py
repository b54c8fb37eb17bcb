"""Codes of receipts: how they read, what is kept of them, and what may be done with nothing else."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from server.core.errors import Forbidden
from server.core.web.access import PUBLIC
from server.core.web.access import Actor as Caller
from server.unions.actor import Actor

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another on paper
LENGTH = 12  # 59 bits: not to be guessed at the pace that guessers are left
GROUP = 4
LIFETIME = timedelta(days=7)  # of a token; the code itself stays good

WITHOUT_ACCOUNT = frozenset(
    {
        PUBLIC, "hazard.report", "photo.upload", "submission.read_own", "submission.withdraw_own",
        "submission.answer_own", "rectification.follow_own", "escalation.ask_own", "inbox.read_own", "me.read",
        "session.end", "consent.decide", "own_data.read", "own_data.export", "own_data.erase", "enterprise.search",
        "area.list",
    }
)  # fmt: skip
"""To report, to see what becomes of it, and to have it forgotten. What counts people, or gives them something, is for
those who can be told apart: receipts are for everybody to take, as many as they like."""


def new_code() -> str:
    """A code as people copy it: K7QM-2XWD-9RTC."""
    plain = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(plain[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def normalise(typed: str) -> str:
    """What was typed, without what people put between the groups."""
    return "".join(each for each in typed.upper() if each in ALPHABET)


def code_key(secret: str, code: str) -> str:
    """What the database keeps of a code: it cannot be tried out without the service's secret."""
    return hmac.new(secret.encode(), f"receipt\n{normalise(code)}".encode(), hashlib.sha256).hexdigest()


def require_account(caller: Caller, permission: str | None) -> None:
    """Let whoever has nothing but a receipt do no more than that. Raises Forbidden `account_needed`."""
    if isinstance(caller, Actor) and not caller.has_account and permission not in WITHOUT_ACCOUNT:
        raise Forbidden("这个要登录以后才能用。凭回执码可以上报隐患、看进展、回答工会的问题。", code="account_needed")
