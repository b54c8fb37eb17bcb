"""What pages and phones send about training, and what phones get."""

from decimal import Decimal
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, field_validator, model_validator

from server.core.web.schemas import Clock, Code, Cursor, Day, In, Instant, Line, Moment, Out, Page, Phone, Prose
from server.oversight.training.check_in.codes import Purpose
from server.oversight.training.models import EmploymentKind, Induction, SessionKind, Sex

Short = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Long = Annotated[Line, StringConstraints(max_length=200)]
Words = Annotated[Prose, StringConstraints(max_length=5000)]
Reason = Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
Name = Annotated[Line, StringConstraints(min_length=1, max_length=50)]
Small = Annotated[Line, StringConstraints(max_length=50)]
Hours = Annotated[Decimal, Field(gt=0, le=200, max_digits=4, decimal_places=1)]
PhoneNumber = Annotated[Phone, StringConstraints(pattern=r"^(1\d{10}|0\d{9,11})?$")]


def read_point(text: str) -> tuple[float, float]:
    """“36.06, 120.38”: latitude and longitude in mainland China. Raises ValueError."""
    try:
        latitude, longitude = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError:
        raise ValueError("写成“纬度, 经度”，如 36.0662, 120.3826") from None
    if not (3 < latitude < 54 and 73 < longitude < 136):
        raise ValueError("先写纬度，再写经度，如 36.0662, 120.3826")
    return latitude, longitude


class SessionIn(In):
    """A session, as it is planned. `point`: of the venue, as maps and phones say it; `datum`: which of them."""

    kind: SessionKind
    title: Short
    theme: Long = ""
    legal_basis: Annotated[Line, StringConstraints(max_length=300)] = ""
    induction: Induction | Literal[""] = ""
    venue: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    point: Annotated[Line, StringConstraints(max_length=60)] = ""
    datum: Literal["gcj02", "wgs84"] = "gcj02"
    day: Day
    begins: Clock
    ends: Clock
    hours: Hours
    trainer: Annotated[Line, StringConstraints(max_length=100)] = ""
    qualification: Long = ""
    audience: Long = ""
    planned_count: Annotated[int, Field(ge=1, le=100_000)] | Literal[""] = ""
    plan: Words = ""
    notice_link: Annotated[Line, StringConstraints(max_length=300, pattern=r"^(https://[^\s]+|/console/[^\s]*)?$")] = ""

    @field_validator("point")
    @classmethod
    def _is_a_point(cls, text: str) -> str:
        if text:
            read_point(text)
        return text

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends <= self.begins:
            raise ValueError("结束时间要在开始时间之后")
        return self


class VersionIn(In):
    """Which version the page showed."""

    version: Annotated[int, Field(ge=1)]


class EditIn(SessionIn, VersionIn):
    """Another plan."""


class PapersIn(VersionIn):
    """What is written once it is over."""

    evaluation: Words = ""
    summary: Words = ""
    cost: Annotated[Decimal, Field(ge=0, le=10_000_000, decimal_places=2)] | Literal[""] = ""


class ReasonIn(VersionIn):
    """Why."""

    reason: Reason


class NewQuery(In):
    """For which union of one's own."""

    organiser: UUID | None = None


class InviteIn(In):
    """A union that is asked to come."""

    union: UUID


class PurposeQuery(In):
    """What the code on the screen is for."""

    purpose: Purpose = Purpose.CHECK_IN


class AddIn(In):
    """Somebody whom the trainer writes down."""

    name: Name
    phone: PhoneNumber = ""
    enterprise: Annotated[Line, StringConstraints(max_length=100)] = ""
    post: Small = ""
    reason: Reason


class HeadcountIn(In):
    """How many more of an enterprise were there, without names; 0: none."""

    enterprise: Short
    people: Annotated[int, Field(ge=0, le=100_000)]
    reason: Reason


class CorrectIn(In):
    """What the trainer changes about somebody, and why."""

    post: Small = ""
    team: Small = ""
    is_officer: bool = False
    stayed: bool = False  # they were there to the end
    struck: bool = False  # they were not there at all
    reason: Reason


class CardIn(In):
    """What the record of a person says beside where they were."""

    version: Annotated[int, Field(ge=0)]
    sex: Sex | Literal[""] = ""
    id_number: Annotated[Code, StringConstraints(pattern=r"^(\d{17}[\dXx])?$")] = ""
    employment: EmploymentKind | Literal[""] = ""
    entered_on: Day | Literal[""] = ""
    post: Small = ""


class PermitIn(In):
    """A special-operation certificate."""

    kind: Name
    number: Annotated[Code, StringConstraints(min_length=1, max_length=40)]
    issued_on: Day
    review_on: Day | Literal[""] = ""


# --- phones -----------------------------------------------------------------------------------------------------------


class PointIn(In):
    """Where a phone is, about; only how far from the venue is kept."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    accuracy: Annotated[float, Field(ge=0, le=1_000_000)] | None = None
    datum: Literal["wgs84", "gcj02"] = "gcj02"


class CheckIn(In):
    """A code that was scanned or typed. `taken_at`: when, of one that was kept while there was no network."""

    code: Annotated[Code, StringConstraints(pattern=r"^\d{6}$")]
    taken_at: Moment | None = None
    device: Annotated[Code, StringConstraints(max_length=64)] = ""
    point: PointIn | None = None
    post: Small = ""


class SessionsQuery(In):
    """A page of sessions."""

    after: Annotated[Cursor, StringConstraints(max_length=200)] | None = None


class SessionOut(Out):
    """A session as a phone shows it, with how the asker stands."""

    id: UUID
    kind_name: str
    title: str
    organiser: str
    venue: str
    starts_at: Instant
    ends_at: Instant
    hours: Decimal
    trainer: str
    status_text: str
    check_in_open: bool
    check_out_open: bool
    checked_in_at: Instant | None
    checked_out_at: Instant | None
    is_counted: bool
    has_exam: bool
    has_point: bool
    note: str


class SessionsOut(Out):
    """What somebody may come to."""

    items: list[SessionOut]


class RecordItem(Out):
    """A session at which somebody was."""

    id: UUID
    title: str
    kind_name: str
    held_on: Day
    hours: Decimal
    is_counted: bool
    state_text: str


class RecordOut(Page[RecordItem]):
    """One's own record, the latest first; the hours of this year that count."""

    hours_this_year: Decimal
