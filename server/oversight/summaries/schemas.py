"""What a closing report says beside what every assignment says."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import StringConstraints, field_validator

from server.core.periods import refuse_period
from server.core.web.schemas import Day, In, Line


class SummaryDetails(In):
    """The first and the last day of its figures."""

    since: Day | None = None
    until: Day | None = None

    @field_validator("since", "until", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value


def check_details(details: SummaryDetails) -> Mapping[str, str]:
    """What cannot be asked for: its figures need both days, and no year to come has any. Those that were asked for
    before there was this rule are read all the same."""
    if details.since is None or details.until is None:
        return {name: "请填写统计期" for name in ("since", "until") if getattr(details, name) is None}
    words = refuse_period(details.since, details.until, years_ahead=0)
    return {"until": words} if words is not None else {}


class CompileIn(In):
    """Whom the compiled report goes to."""

    addressee: Annotated[Line, StringConstraints(max_length=100)] = ""
