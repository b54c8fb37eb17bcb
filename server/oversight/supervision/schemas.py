"""What the pages of supervision post, and what draws keep of it."""

from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from server.assignments.dispatch.schemas import RecipientRule
from server.core.periods import require_period
from server.core.web.schemas import Day, In, Line, Out, Phone, Prose
from server.kit.draws.spelling import normalise
from server.oversight.supervision.models import Duty, NoteKind, PlanMode

MOST_QUOTA, MOST_STRATA = 500, 60
Version = Annotated[int, Field(ge=1, le=10**9)]
Reason = Annotated[Prose, StringConstraints(min_length=1, max_length=500)]
LaterReason = Annotated[Prose, StringConstraints(max_length=500)]
ShortReason = Annotated[Line, StringConstraints(min_length=2, max_length=200)]
StrataBy = Literal["all", "risk", "district", "size"]


class Posted(In):
    """A form: what is left empty is not filled in."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, values: Any) -> Any:
        return {name: value for name, value in values.items() if value != ""} if isinstance(values, dict) else values


class PlanIn(Posted):
    """What is planned."""

    title: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    mode: PlanMode
    starts_on: Day
    ends_on: Day
    basis: Annotated[Prose, StringConstraints(max_length=500)] = ""
    form_id: UUID | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        require_period(self.starts_on, self.ends_on)
        return self


class NewPlanIn(PlanIn):
    """The same, in the name of one of the actor's unions."""

    union_id: UUID | None = None


class VersionIn(Posted):
    """The version that the page showed."""

    version: Version


class EditIn(PlanIn):
    """Another plan; why, once it is published."""

    version: Version
    reason: LaterReason = ""


class CancelIn(VersionIn):
    """Why it does not take place."""

    reason: Reason


class ChangeIn(Posted):
    """Why something is changed: asked for once the plan is published."""

    reason: LaterReason = ""


class TeamIn(ChangeIn):
    """One more group, and the union that leads it."""

    lead_union: UUID | None = None


class MemberIn(ChangeIn):
    """Somebody for a group, or for the pool from which inspectors are drawn: a reviewer, or an expert in words."""

    person: UUID | None = None
    words: Annotated[Line, StringConstraints(max_length=100)] = ""
    phone: Annotated[Phone, StringConstraints(pattern=r"^(\+?[0-9-]{5,19})?$")] = ""
    duty: Duty = Duty.MEMBER
    is_chemist: bool = False
    team: UUID | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.person is None and not self.words:
            raise ValueError("请选一个人，或者写明专家的身份")
        return self


class MoveMemberIn(ChangeIn):
    """Into which group, or into the pool."""

    team: UUID | None = None


class UnitIn(ChangeIn):
    """An enterprise to visit; `over_cap_reason` where it has been visited as often as it should be this year."""

    enterprise: UUID
    team: UUID | None = None
    planned_on: Day | None = None
    over_cap_reason: Annotated[Prose, StringConstraints(max_length=500)] = ""


class DayIn(ChangeIn):
    """Who goes to a unit, and when."""

    team: UUID | None = None
    planned_on: Day | None = None


class DropIn(Posted):
    """Why an enterprise is not visited, or another one instead."""

    reason: Reason


class UnitQuery(In):
    """The enterprise whose last visits are to be shown."""

    model_config = ConfigDict(extra="ignore")

    enterprise: UUID | None = None


class RotaIn(Posted):
    """Another group for a union, and its days; the reason stands in the published rota."""

    union: UUID
    team: UUID | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reason: ShortReason

    @model_validator(mode="after")
    def _both_days(self) -> Self:
        if (self.starts_on is None) != (self.ends_on is None):
            raise ValueError("开始和结束的日子要么都填，要么都不填")
        if self.starts_on is not None and self.ends_on is not None:
            require_period(self.starts_on, self.ends_on)
        return self


class TargetIn(ChangeIn):
    """A union that is inspected. The form of a line posts more beside it."""

    model_config = ConfigDict(extra="ignore")

    union: UUID


# --- draws ------------------------------------------------------------------------------------------------------------

Weight = Annotated[int, Field(ge=0, le=10_000)]


class Weights(In):
    """What is added to a weight of 100 where it is so."""

    high_risk: Weight = 100
    chemical: Weight = 100
    non_public_sme: Weight = 50
    accident: Weight = 100
    unvisited: Weight = 100


class SettingsIn(Weights):
    """How a union plans."""

    yearly_cap: Annotated[int, Field(ge=1, le=50)] = 2


class Quota(In):
    """How many of a stratum."""

    stratum: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    count: Annotated[int, Field(ge=0, le=MOST_QUOTA)]


class DrawTerms(In):
    """What is drawn, from whom, and by which number that nobody knows yet."""

    rule: RecipientRule
    strata_by: StrataBy = "risk"
    quotas: Annotated[tuple[Quota, ...], Field(max_length=MOST_STRATA)] = ()
    reserves: Annotated[int, Field(ge=0, le=50)] = 2
    inspectors_each: Annotated[int, Field(ge=0, le=10)] = 2
    unvisited_months: Annotated[int, Field(ge=1, le=120)] = 24
    accident_months: Annotated[int, Field(ge=1, le=120)] = 36
    source: Annotated[Line, StringConstraints(min_length=4, max_length=200)]
    value_form: Literal["ssq", "dlt", "kl8", "digits3", "digits5", "index"] = "index"
    due_on: Day


class EditTermsIn(In):
    """Other terms, and how many of each stratum."""

    version: Version
    terms: DrawTerms


class NoteIn(Posted):
    """What is said of one enterprise before the draw, and why."""

    union: UUID
    kind: NoteKind
    reason: ShortReason


class NoteGoneIn(Posted):
    """What is no more said of it."""

    union: UUID
    kind: NoteKind


class RecusalIn(Posted):
    """Who does not go to which enterprise, and why."""

    member: UUID
    union: UUID
    reason: ShortReason


Value = Annotated[Line, StringConstraints(min_length=1, max_length=200), AfterValidator(normalise)]


class ValueIn(VersionIn):
    """The public value as somebody reads it in the announcement: the first of the two, or the second."""

    value: Value


# --- the phone --------------------------------------------------------------------------------------------------------


class NamedPlanOut(Out):
    """A plan that names whoever asks."""

    id: UUID
    title: str
    union: str
    mode_text: str
    starts_on: date
    ends_on: date
    basis: str
    group: str
    members: list[str]
    liaisons: list[str]
    places: Annotated[list[str], Field(description="去哪里、哪几天；已经安排的督导在督导列表里")]


class NamedPlansOut(Out):
    """All of them."""

    items: list[NamedPlanOut]
