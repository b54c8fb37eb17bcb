"""What the pages of certificates post."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from server.core.web.schemas import In, Prose

Mark = Annotated[Decimal, Field(ge=0, le=1000, max_digits=5, decimal_places=1)]


class PassMarkIn(In):
    """From which mark the test is passed."""

    pass_mark: Mark


class MarkIn(In):
    """What somebody got."""

    mark: Mark


class WithdrawIn(In):
    """Why a certificate holds no more."""

    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
