"""Shapes of awards."""

from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from server.core.periods import require_period
from server.core.web.schemas import Cursor, Day, In, Instant, Line, Out, Prose
from server.kit.filters import DatedFilter
from server.oversight.awards.models import SchemeKind


def _cents(value: Any) -> Any:
    """Yuan as typed, up to two decimals, to cents."""
    if isinstance(value, str):
        whole, _, rest = value.strip().partition(".")
        if not (whole.isascii() and whole.isdigit() and len(whole) <= 9 and len(rest) <= 2):
            raise ValueError("要填金额，最多两位小数")
        if rest and not (rest.isascii() and rest.isdigit()):
            raise ValueError("要填金额，最多两位小数")
        return int(whole) * 100 + int(rest.ljust(2, "0") or 0)
    return value


def _grades(value: Any) -> Any:
    return sorted({int(each) for each in value.split(",")}) if isinstance(value, str) and value else value or []


MAX_VOUCHER = 60  # characters
Cents = Annotated[int, BeforeValidator(_cents), Field(gt=0, le=1_000_000_000)]
Name = Annotated[Line, StringConstraints(min_length=1, max_length=60)]
Reason = Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
Grade = Annotated[int, Field(ge=1, le=4)]


class BudgetIn(In):
    """A budget: whose, called what, how much."""

    union_id: UUID
    name: Name
    amount_cents: Cents


class SchemeIn(In):
    """A scheme of awards."""

    budget_id: UUID
    name: Name
    kind: SchemeKind
    grades: Annotated[list[Grade], BeforeValidator(_grades)] = []
    quota: Annotated[int, Field(ge=1, le=1000)]
    batches: Annotated[int, Field(ge=1, le=12)] = 1
    amount_cents: Cents
    joint_share: bool = False
    exclude_duty: bool = False
    nomination_quota: Annotated[int, Field(ge=1, le=100)] = 1
    starts_on: Day
    ends_on: Day
    objection_days: Annotated[int, Field(ge=1, le=30)] = 5

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        require_period(self.starts_on, self.ends_on)
        if self.batches > self.quota:
            raise ValueError("批数不能多于名额")
        if self.kind is SchemeKind.WORKER and not self.grades:
            raise ValueError("请选择隐患等级")
        return self


class NominationIn(In):
    """Who is nominated: a unit's full name or an organiser's user name; and for what."""

    who: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    merit: Reason


class PhotosIn(In):
    """Which computation of the batch was looked at."""

    facts_hash: Annotated[Line, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class ReasonIn(In):
    """Why."""

    reason: Reason


class JurorIn(In):
    """Who is to be a juror."""

    username: Annotated[Line, StringConstraints(min_length=1, max_length=60)]


class ScoreIn(In):
    """A score."""

    score: Annotated[int, Field(ge=0, le=100)]


class AnswerIn(In):
    """An answer to an objection."""

    uphold: bool
    text: Reason


class PaymentIn(In):
    """How an award was paid."""

    method: Annotated[Line, StringConstraints(min_length=1, max_length=30)]
    voucher: Annotated[Line, StringConstraints(min_length=1, max_length=MAX_VOUCHER)]


class ResultsIn(In):
    """How the awards of a sheet were paid. `voucher`: of all of them, where a row has none of its own."""

    method: Annotated[Line, StringConstraints(min_length=1, max_length=30)]
    voucher: Annotated[Line, StringConstraints(min_length=1, max_length=50)]


class ObjectionIn(In):
    """What somebody has against a published list, or against one entry of it."""

    text: Reason
    entry_id: UUID | None = None


class AwardsQuery(In):
    """Which page of one's awards."""

    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class AwardOut(Out):
    """An award of one's own."""

    id: UUID
    batch_name: str
    scheme_name: str
    status: str
    status_text: str
    amount_cents: int
    reason: str
    submission_id: UUID | None
    published_until: Instant | None
    paid_at: Instant | None
    can_confirm_receipt: bool


class AwardPage(Out):
    """A page of one's awards, the newest first."""

    items: list[AwardOut]
    next: str | None


class NoticeOut(Out):
    """A published list."""

    id: UUID
    batch_name: str
    union_name: str
    published_at: Instant
    objections_until: Instant
    is_open: bool


class NoticesOut(Out):
    """Published lists, the newest first."""

    items: list[NoticeOut]


class NoticeEntry(Out):
    """One line of a published list: a shortened name, a unit, or an anonymous worker."""

    id: UUID
    rank: int
    label: str
    enterprise_name: str | None
    reason: str
    amount_cents: int


class ObjectionOut(Out):
    """One's own objection."""

    id: UUID
    text: str
    status_text: str
    answer: str | None
    at: Instant


class NoticeDetail(NoticeOut):
    """A published list with its lines. `may_complain`: it is no longer open to objections, and its names are shown."""

    may_complain: bool
    entries: list[NoticeEntry]
    my_objections: list[ObjectionOut]


class Wait(StrEnum):
    """What a batch waits for."""

    PUBLISH = "publish"
    OBJECTIONS = "objections"
    FINALISE = "finalise"
    PAY = "pay"


class OverviewQuery(DatedFilter):
    """Which batches to show: all, or those that wait for something; of a union with all below it. `final`: those that
    became final, in these days."""

    wait: Wait | None = None
    union: UUID | None = None
    final: bool = False


class SummaryQuery(In):
    """Of which year; of all where none is named."""

    year: Annotated[int | None, Field(ge=2000, le=2200), BeforeValidator(lambda value: value or None)] = None


class BatchQuery(In):
    """Whether to judge again and show what differs."""

    recompute: bool = False
