"""Shapes of sign-in."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import AsTyped, In, Instant, Out
from server.unions.people.schemas import Me


class SessionIn(In):
    """WeChat's login code, or `demo:worker-1` where the demo sign-in is on."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]


class SessionOut(Out):
    """A bearer token, good until `expires_at` or until it is ended."""

    token: str
    expires_at: Instant
    person: Me


class SignInWays(Out):
    """How one may sign in here, from this machine and with these settings."""

    wechat: bool
    sms: bool
    demo: bool


Password = Annotated[str, AsTyped(), StringConstraints(min_length=1, max_length=200)]
"""A password as typed or pasted; `accounts.passwords` knows what may have come with it."""


class NextQuery(In):
    """Where to go after signing in, see `safe_next`."""

    next: Annotated[str, AsTyped(), StringConstraints(max_length=2000)] | None = None
