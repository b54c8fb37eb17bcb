"""Shapes of a question's words."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from server.activities.quiz.bank.models import QuestionKind
from server.activities.quiz.bank.texts import TOPICS
from server.core.web.schemas import In, Line, Out, Prose
from server.kit.filters import ListFilter

LETTERS = "ABCDEFGH"
TRUE_FALSE = ("对", "错")
OPTIONS = {QuestionKind.SINGLE: range(3, 9), QuestionKind.MULTIPLE: range(3, 9), QuestionKind.TRUE_FALSE: range(2, 3)}
RIGHT = {QuestionKind.SINGLE: range(1, 2), QuestionKind.MULTIPLE: range(2, 9), QuestionKind.TRUE_FALSE: range(1, 2)}


class QuestionState(StrEnum):
    """How far a question has come. One in use may have newer words that wait."""

    ALL = "all"
    IN_USE = "in_use"
    WAITING = "waiting"
    RETIRED = "retired"


STATE_NAMES = {
    QuestionState.ALL: "全部",
    QuestionState.WAITING: "待审核",
    QuestionState.IN_USE: "使用中",
    QuestionState.RETIRED: "已停用",
}
Blank = BeforeValidator(lambda value: value or None)

Option = Annotated[Line, StringConstraints(min_length=1, max_length=200)]


class Explained(Out):
    """What is right (places as shown), whether that was chosen, and why."""

    right: list[int]
    is_right: bool
    explanation: str
    statute: str
    article: str


class QuestionIn(In):
    """Words of a question. `answer`: letters of the right options in order. Of 对 or 错 options may be left out.

    What it rests on and its explanation may come later: without them it is not approved.
    """

    kind: QuestionKind
    topic: Annotated[Line, StringConstraints(min_length=1, max_length=30)]
    difficulty: Annotated[int, Field(ge=1, le=3)]
    statute: Annotated[Line, StringConstraints(max_length=80)] = ""
    article: Annotated[Line, StringConstraints(pattern=r"^(第[一二三四五六七八九十百零]+条)?$")] = ""
    stem: Annotated[Prose, StringConstraints(min_length=4, max_length=500)]
    options: Annotated[tuple[Option, ...], Field(max_length=len(LETTERS))] = ()
    answer: Annotated[str, StringConstraints(pattern=r"^[A-H]{1,8}$")]
    explanation: Annotated[Prose, StringConstraints(max_length=1000)] = ""

    @field_validator("topic")
    @classmethod
    def _is_a_topic(cls, topic: str) -> str:
        if topic not in TOPICS:
            raise ValueError("没有这个主题")
        return topic

    @model_validator(mode="before")
    @classmethod
    def _name_the_two(cls, words: object) -> object:
        if isinstance(words, dict) and words.get("kind") == QuestionKind.TRUE_FALSE and not words.get("options"):
            return {**words, "options": TRUE_FALSE}
        return words

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.kind is QuestionKind.TRUE_FALSE and self.options != TRUE_FALSE:
            raise ValueError("判断题的选项只能是“对”和“错”")
        if len(self.options) not in OPTIONS[self.kind]:
            raise ValueError("选项的个数和题型不符")
        if len(set(self.options)) != len(self.options):
            raise ValueError("有两个选项相同")
        if list(self.answer) != sorted(set(self.answer)):
            raise ValueError("答案的字母要按顺序，不重复")
        if len(self.answer) not in RIGHT[self.kind]:
            raise ValueError("正确答案的个数和题型不符")
        if LETTERS.index(self.answer[-1]) >= len(self.options):
            raise ValueError("答案里有不存在的选项")
        return self


class QuestionFilter(ListFilter):
    """What the bank's page shows."""

    q: Annotated[Line, StringConstraints(max_length=50)] = ""
    kind: QuestionKind | None = None
    topic: Annotated[Line, StringConstraints(max_length=30)] = ""
    difficulty: Annotated[int, Field(ge=1, le=3)] | None = None
    statute: Annotated[Line, StringConstraints(max_length=80)] = ""
    state: QuestionState = QuestionState.ALL


class KnownCodes(StrEnum):
    """What becomes of questions whose number the bank has, with other words."""

    CHANGE = "change"
    ADD = "add"


class CommitIn(In):
    """The second yes to an import; whether the rows that are right come without the others."""

    known_codes: Annotated[KnownCodes | None, Blank] = None
    good_alone: bool = False


class UploadIn(In):
    """What comes with a file of questions: the topic of rows that name none of ours."""

    topic: Annotated[Line, StringConstraints(max_length=30)]

    @field_validator("topic")
    @classmethod
    def _is_a_topic(cls, topic: str) -> str:
        if topic not in TOPICS:
            raise ValueError("没有这个主题")
        return topic
