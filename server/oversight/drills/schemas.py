"""What pages of drills post."""

from datetime import time
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from server.core.web.schemas import Day, In, Line, Prose
from server.oversight.drills.models import Concerns, DrillAim, DrillForm, DrillScope, Duty, PlanKind

Count = Annotated[int, Field(ge=0, le=1_000_000)] | Literal[""]
Clock = time | Literal[""]
Medium = Annotated[Line, StringConstraints(max_length=300)]


class DrillIn(In):
    """The record of a drill; the moments of its log are clock times of its day."""

    version: Annotated[int, Field(ge=0)]
    plan_name: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    plan_version: Annotated[Line, StringConstraints(max_length=50)] = ""
    plan_kind: PlanKind
    form: DrillForm
    scope: DrillScope
    aim: DrillAim
    scenario: Annotated[Prose, StringConstraints(max_length=5000)] = ""
    hazard: Annotated[Line, StringConstraints(max_length=200)] = ""
    commander: Annotated[Line, StringConstraints(max_length=100)] = ""
    groups: Annotated[Prose, StringConstraints(max_length=2000)] = ""
    observers: Medium = ""
    equipment: Medium = ""
    found: Clock = ""
    alarm: Clock = ""
    started: Clock = ""
    evacuation: Clock = ""
    head_count: Clock = ""
    handling: Clock = ""
    ended: Clock = ""
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
