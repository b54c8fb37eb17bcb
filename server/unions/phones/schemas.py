"""Shapes of signing in by phone."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from server.core.web.schemas import Code, In, Instant, Out, Phone

MobilePhone = Annotated[Phone, StringConstraints(pattern=r"^1[3-9][0-9]{9}$")]


class SmsCodeIn(In):
    """Where to send a code."""

    phone: MobilePhone


class SmsCodeOut(Out):
    """A code is on its way; `id` goes back with it."""

    id: UUID
    expires_at: Instant


class SmsSignIn(In):
    """The code that came, for the sending that it belongs to."""

    id: UUID
    phone: MobilePhone
    code: Annotated[Code, StringConstraints(pattern=r"^[0-9]{6}$")]


class PhoneCodeIn(In):
    """What the phone button of the mini program gives."""

    code: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[!-~]+$")]
