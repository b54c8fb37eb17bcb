"""Shapes of receipts."""

from typing import Annotated

from pydantic import StringConstraints

from server.core.web.schemas import Code, In
from server.unions.sign_in.schemas import SessionOut


class ReceiptIn(In):
    """Somebody without an account has read what is kept of a report: the version of the privacy policy."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z.-]{1,20}$")]


class ReceiptCodeIn(In):
    """The code on a receipt, as typed."""

    code: Annotated[Code, StringConstraints(min_length=8, max_length=30)]


class ReceiptOut(SessionOut):
    """A new receipt: `code` is shown once and kept nowhere."""

    code: str
