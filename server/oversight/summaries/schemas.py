"""What a closing report says beside what every assignment says."""

from typing import Annotated, Self

from pydantic import StringConstraints, field_validator, model_validator

from server.core.web.schemas import Day, In, Line


class SummaryDetails(In):
    """The first and the last day of its figures."""

    since: Day | None = None
    until: Day | None = None

    @field_validator("since", "until", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("统计期的最后一天不能早于第一天")
        return self


class CompileIn(In):
    """Whom the compiled report goes to."""

    addressee: Annotated[Line, StringConstraints(max_length=100)] = ""
