"""What pages of drills post."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, field_validator, model_validator

from server.core.web.schemas import Clock, Day, In, Line, Prose
from server.oversight.drills.models import Concerns, DrillAim, DrillForm, DrillScope, Duty, PlanKind
from server.oversight.drills.texts import KIND_WORDS
from server.unions.imports.sheets.words import worded

Count = Annotated[int, Field(ge=0, le=1_000_000)] | Literal[""]
LogTime = Clock | Literal[""]
MOST_TRIED = 30
Medium = Annotated[Line, StringConstraints(max_length=300)]


class DrillIn(In):
    """The record of a drill; the moments of its log are clock times of its day. `plans`: those of the register, which
    say name and kind themselves; `revise`: those of them that have to be revised. One that is in no register is typed.
    """

    version: Annotated[int, Field(ge=0)]
    plans: Annotated[list[UUID], Field(max_length=MOST_TRIED)] = []
    revise: Annotated[list[UUID], Field(max_length=MOST_TRIED)] = []
    plan_name: Annotated[Line, StringConstraints(max_length=100)] = ""
    plan_version: Annotated[Line, StringConstraints(max_length=50)] = ""
    plan_kind: PlanKind | Literal[""] = ""
    form: DrillForm
    scope: DrillScope
    aim: DrillAim
    scenario: Annotated[Prose, StringConstraints(max_length=5000)] = ""
    hazard: Annotated[Line, StringConstraints(max_length=200)] = ""
    commander: Annotated[Line, StringConstraints(max_length=100)] = ""
    groups: Annotated[Prose, StringConstraints(max_length=2000)] = ""
    observers: Medium = ""
    equipment: Medium = ""
    found: LogTime = ""
    alarm: LogTime = ""
    started: LogTime = ""
    evacuation: LogTime = ""
    head_count: LogTime = ""
    handling: LogTime = ""
    ended: LogTime = ""
    evacuation_seconds: Annotated[int, Field(ge=1, le=86_400)] | Literal[""] = ""
    on_shift: Count = ""
    assembled: Count = ""
    must_revise: Literal["", "1", "0"] = ""
    revision: Annotated[Prose, StringConstraints(max_length=500)] = ""
    reported_to: Annotated[Line, StringConstraints(max_length=100)] = ""
    reported_on: Day | Literal[""] = ""

    @model_validator(mode="after")
    def _report_is_whole(self) -> Self:
        if bool(self.reported_to) != bool(self.reported_on):
            raise ValueError("报送给谁、哪天报的要一起填")
        return self


class ProblemIn(In):
    """Something that went wrong. `enterprise`: where, of a drill that a union held for several."""

    words: Annotated[Prose, StringConstraints(min_length=2, max_length=500)]
    place: Annotated[Line, StringConstraints(max_length=200)] = ""
    measures: Annotated[Prose, StringConstraints(max_length=500)] = ""
    owner: Annotated[Line, StringConstraints(max_length=50)] = ""
    due_on: Day | Literal[""] = ""
    enterprise: UUID | None = None


class RuleIn(In):
    """A rule, or another wording of one."""

    concerns: Concerns
    duty: Duty
    months: Annotated[int, Field(ge=1, le=60)]
    basis: Annotated[Line, StringConstraints(min_length=2, max_length=200)]
    is_verified: bool = False
    valid_from: Day
    valid_until: Day | Literal[""] = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_until and self.valid_until < self.valid_from:
            raise ValueError("失效日要在生效日之后")
        return self


# --- the register of plans --------------------------------------------------------------------------------------------


class PlanFacts(In):
    """What the register holds of a plan. Checked one by one: of a sheet it is said which cell is wrong."""

    kind: PlanKind
    name: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    accident: Annotated[Line, StringConstraints(max_length=100)] = ""
    edition: Annotated[Line, StringConstraints(max_length=50)] = ""
    drawn_up_on: Day
    filed_with: Annotated[Line, StringConstraints(max_length=100)] = ""
    filed_on: Annotated[Day | Literal[""], Field(validate_default=True)] = ""
    revised_on: Day | Literal[""] = ""
    next_review_on: Day | Literal[""] = ""
    tried_on: Day | Literal[""] = ""

    @field_validator("filed_on")
    @classmethod
    def _filing_is_whole(cls, day: date | Literal[""], info: ValidationInfo) -> date | Literal[""]:
        if bool(day) != bool(info.data.get("filed_with")) and "filed_with" in info.data:
            raise ValueError("备案部门和备案日期要一起填")
        return day

    @field_validator("filed_on", "revised_on", "next_review_on", "tried_on")
    @classmethod
    def _not_before_it_was_drawn_up(cls, day: date | Literal[""], info: ValidationInfo) -> date | Literal[""]:
        first = info.data.get("drawn_up_on")
        if day and first is not None and day < first:
            raise ValueError("不能早于编制日期")
        return day


class PlanIn(PlanFacts):
    """A plan of an enterprise, to be put down."""

    enterprise: UUID


class PlanEdit(PlanFacts):
    """The same said anew; `version` is the one on the page."""

    version: Annotated[int, Field(ge=1)]


class PlanRow(PlanFacts):
    """The same in the words of a sheet."""

    kind: Annotated[PlanKind, worded(KIND_WORDS)]


class RevisedIn(In):
    """It was revised."""

    version: Annotated[int, Field(ge=1)]
    revised_on: Day
    edition: Annotated[Line, StringConstraints(max_length=50)] = ""


class EndPlanIn(In):
    """It is given up, and why."""

    version: Annotated[int, Field(ge=1)]
    reason: Annotated[Line, StringConstraints(min_length=1, max_length=200)]


class EnterpriseQuery(In):
    """Of which enterprise."""

    model_config = ConfigDict(extra="ignore")

    enterprise: UUID | None = None
