"""Filters of the queue, as they stand in the address."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator

from server.core.web.schemas import In, Line
from server.kit.enterprises import EnterpriseFilter
from server.kit.filters import CampaignFilter
from server.review.submissions.models import Kind, Status


class Due(StrEnum):
    """How soon an answer is owed."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"  # by the end of the next working day


class DayOf(StrEnum):
    """Of what the days of the filter are."""

    DUE = "due"
    SENT = "sent"


DAY_TEXTS = {DayOf.DUE: "期限", DayOf.SENT: "上报"}
DUE_TEXTS = {Due.OVERDUE: "已超期", Due.TODAY: "今天到期", Due.SOON: "即将到期"}
ALL: Literal["all"] = "all"
OVERDUE: Literal["overdue"] = "overdue"  # waiting, and late
SHOWN = tuple(status for status in Status if status is not Status.INCOMPLETE)


class Answered(StrEnum):
    """Whether it was answered in time; late is also what still waits after its deadline."""

    IN_TIME = "in_time"
    LATE = "late"


ANSWERED_TEXTS = {Answered.IN_TIME: "按期答复", Answered.LATE: "超期答复"}


class QueueFilter(CampaignFilter, EnterpriseFilter):
    """What to show of the queue, and of which days. Anything left out does not narrow it."""

    status: Status | Literal["overdue", "all"] = Status.QUEUED
    kind: Kind | None = None
    category: Annotated[Line, StringConstraints(max_length=30)] | None = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    due: Due | None = None
    answered: Answered | None = None
    day_of: DayOf = DayOf.DUE
    mine: bool = False
    given: bool = False
    routed: bool = False  # up to one's own unions
    below: bool = False  # up to unions below them
    held: bool = False
    q: Annotated[Line, StringConstraints(max_length=100)] = ""

    @field_validator("status")
    @classmethod
    def _is_shown(cls, value: Status | str) -> Status | str:
        if value is Status.INCOMPLETE:
            raise ValueError("照片没有传完的内容不在队列里")
        return value


class BatchQuery(In):
    """Whose outcome the list tells of."""

    batch: UUID | None = None
