"""Shapes of a campaign's data."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter, field_validator, model_validator

from server.core.periods import require_period
from server.core.web.schemas import AsTyped, Day, In, Line, Out, Prose

GRADES = (1, 2, 3, 4)
GRADE_COLOURS = {1: "红", 2: "橙", 3: "黄", 4: "蓝"}


class Activity(StrEnum):
    """What a campaign may switch on."""

    HAZARD = "hazard"
    SUGGESTION = "suggestion"
    QUIZ = "quiz"
    PROCEDURE = "procedure"
    TRAINING = "training"
    WORK = "work"
    INSPECTION = "inspection"


ACTIVITY_NAMES = {
    Activity.HAZARD: "安全隐患随手拍",
    Activity.SUGGESTION: "合理化建议",
    Activity.QUIZ: "法律法规知识闯关",
}
"""Those that there are: the others are names that older campaigns hold, and nobody can take part in them."""


class Leaderboard(StrEnum):
    """Rankings by quizzes. None is shown unless the campaign chooses it."""

    PEOPLE = "people"
    ENTERPRISES = "enterprises"
    DISTRICTS = "districts"


LEADERBOARD_NAMES = {
    Leaderboard.PEOPLE: "个人榜：只有自己点了参加的人，随时可以退出",
    Leaderboard.ENTERPRISES: "企业参与率榜",
    Leaderboard.DISTRICTS: "区市参与率榜",
}


class Grade(In):
    """A hazard grade, 1 the most serious. Its colour is fixed by its number."""

    grade: Annotated[int, Field(ge=1, le=4)]
    name: Annotated[Line, StringConstraints(min_length=1, max_length=20)]
    criteria: Annotated[Prose, StringConstraints(max_length=500)] = ""
    rectify_days: Annotated[int, Field(ge=1, le=180, description="整改期限，工作日")] = 15


class Category(In):
    """A kind of hazard or suggestion that a worker recognises; `gb6441`: a hazard's class in GB 6441-2025, if any."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,29}$")]
    name: Annotated[Line, StringConstraints(min_length=1, max_length=20)]
    hint: Annotated[Line, StringConstraints(max_length=100)] = ""
    gb6441: Annotated[Line, StringConstraints(max_length=40)] | None = None


class CampaignIn(In):
    """What may be edited of a campaign."""

    name: Annotated[Line, StringConstraints(min_length=2, max_length=100)]
    starts_on: Day
    ends_on: Day
    activities: Annotated[list[Activity], Field(max_length=len(Activity))]
    leaderboards: Annotated[list[Leaderboard], Field(max_length=len(Leaderboard))] = []
    lists_absentees: bool = False
    grades: list[Grade]
    categories: Annotated[list[Category], Field(min_length=1, max_length=30)]
    suggestion_categories: Annotated[list[Category], Field(min_length=1, max_length=30)]

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        require_period(self.starts_on, self.ends_on, years_ahead=None)
        if tuple(grade.grade for grade in self.grades) != GRADES:
            raise ValueError("必须有一级到四级，每级一个")
        codes = [category.code for category in (*self.categories, *self.suggestion_categories)]
        if len(set(codes)) != len(codes):
            raise ValueError("类别代码不能重复，隐患和建议之间也不能")
        if len(set(self.activities)) != len(self.activities):
            raise ValueError("活动不能重复")
        if not set(self.activities) <= ACTIVITY_NAMES.keys():
            raise ValueError("还没有这种活动")
        if len(set(self.leaderboards)) != len(self.leaderboards):
            raise ValueError("排行榜不能重复")
        return self


class CopyQuery(In):
    """The campaign that a new one is a copy of."""

    copy_of: UUID | None = None


class ChoiceIn(In):
    """The campaign to look at from now on, none: all of them; and the page to go back to."""

    campaign: UUID | None = None
    next: Annotated[str, AsTyped(), StringConstraints(max_length=2000)] = ""

    @field_validator("campaign", mode="before")
    @classmethod
    def _empty_is_all(cls, value: object) -> object:
        return value or None


class GradeOut(Out):
    """A grade as workers and reviewers see it."""

    grade: int
    name: str
    criteria: str


class CategoryOut(Out):
    """A category as workers see it; the pictogram goes by `code`."""

    code: str
    name: str
    hint: str


class PhotoLimits(Out):
    """What the camera may give: photos per hazard, bytes and pixels per photo; bytes and seconds of a
    video, which counts as one of the photos."""

    max_count: int
    max_bytes: int
    max_pixels: int
    video_max_bytes: int
    video_max_seconds: int


class CampaignOut(Out):
    """The current campaign. `is_open`: something new may be sent; not after its last day, nor once it is archived."""

    id: UUID
    name: str
    starts_on: date
    ends_on: date
    is_open: bool
    activities: list[Activity]
    grades: list[GradeOut]
    categories: list[CategoryOut]
    photos: PhotoLimits


GRADE_LIST = TypeAdapter(list[Grade])
CATEGORY_LIST = TypeAdapter(list[Category])
ACTIVITY_LIST = TypeAdapter(list[Activity])
