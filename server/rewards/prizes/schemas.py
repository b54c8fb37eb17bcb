"""Shapes of prizes."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.core.web.schemas import Code, In, Instant, Line, Out, Prose
from server.rewards.prizes.models import Proof, Way

Name = Annotated[Line, StringConstraints(min_length=1, max_length=60)]


class PoolIn(In):
    """A pool: of which contest, called what, by which rules."""

    contest_id: UUID
    name: Name
    one_each: bool = False
    runners_up: Annotated[int, Field(ge=0, le=1000)] = 20
    notice_days: Annotated[int, Field(ge=1, le=30)] = 3
    claim_days: Annotated[int, Field(ge=1, le=60)] = 10


class PrizeIn(In):
    """A prize: called what, won how, how many."""

    name: Name
    way: Way
    quantity: Annotated[int, Field(ge=1, le=10_000)]


class WaiverIn(In):
    """Why places are given although somebody's play is under suspicion; empty if nobody's is."""

    waiver: Annotated[Prose, StringConstraints(max_length=500)] = ""


class ReasonIn(In):
    """Why."""

    reason: Annotated[Prose, StringConstraints(min_length=1, max_length=500)]


class HandoverIn(In):
    """How it is shown that the winner got the prize: their code, or a signature and where it is kept."""

    proof: Proof
    code: Annotated[Code, StringConstraints(max_length=8)] = ""
    note: Annotated[Line, StringConstraints(max_length=200)] = ""

    @model_validator(mode="after")
    def _signed(self) -> Self:
        if self.proof is Proof.SIGNATURE and not self.note:
            raise ValueError("请写明谁签收、签收单放在哪里")
        return self


class SheetIn(In):
    """Where the sheet lies on which several winners signed."""

    note: Annotated[Line, StringConstraints(min_length=1, max_length=200)]


class PoolsQuery(In):
    """Whether to show those pools alone that have prizes to hand over."""

    owed: bool = False


class WinsQuery(In):
    """Which of the pool's wins."""

    status: Literal["", "offered", "accepted", "handed_over", "reserve", "ended"] = ""


class WinOut(Out):
    """A prize that one has won."""

    id: UUID
    prize_name: str
    contest_name: str
    way: Way
    status: str
    status_text: str
    claim_until: Instant | None
    hand_over_code: str | None
    handed_over_at: Instant | None


class WinsOut(Out):
    """One's own prizes, the newest first."""

    items: list[WinOut]
