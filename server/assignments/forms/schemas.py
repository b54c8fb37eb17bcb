"""A form as data: sections of fields, and what each kind of field may be told.

`Definition` is what is kept as JSON, sent to the phone and read from sheets. Keys are unique within a form; a key never
changes its meaning, since answers are kept by it.
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, StringConstraints, TypeAdapter, field_validator, model_validator
from pydantic import Field as Limits

from server.core.web.schemas import Code, Day, In, Line, Prose
from server.unions.tree.lookup.traits import named_traits

MOST_SECTIONS, MOST_FIELDS, MOST_COLUMNS = 30, 400, 20
MOST_WORDS, MOST_ROWS, MOST_PHOTOS = 4000, 200, 9

Key = Annotated[Code, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Label = Annotated[Line, StringConstraints(min_length=1, max_length=200)]
Remark = Annotated[Prose, StringConstraints(max_length=500)]
Amount = Annotated[Decimal, Limits(ge=-(10**12), le=10**12, max_digits=18, decimal_places=6)]


class FieldKind(StrEnum):
    TEXT = "text"
    PROSE = "prose"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    YES_NO = "yes_no"
    CHECK = "check"
    PHOTO = "photo"
    FILE = "file"
    PERSON = "person"
    PLACE = "place"
    TABLE = "table"
    FIGURE = "figure"


class CheckResult(StrEnum):
    """What somebody found who looked at a check item."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
    CANNOT_JUDGE = "cannot_judge"


class ShownIf(In):
    """Show a field only if an earlier one was answered so: a choice's key, `yes` or `no`, or the result of a check."""

    field: Key
    equals: Annotated[Line, StringConstraints(min_length=1, max_length=40)]


class Choice(In):
    """One of the answers to choose from."""

    key: Key
    label: Label


class _Field(In):
    """What every field has: `basis` names statute and article, or the standard's clause."""

    key: Key
    label: Label
    hint: Remark = ""
    basis: Remark = ""
    required: bool = False
    shown_if: ShownIf | None = None


class _Ordered(_Field):
    """A field whose answers lie between two ends."""

    @model_validator(mode="after")
    def _ends_in_order(self) -> Self:
        least, most = getattr(self, "least", None), getattr(self, "most", None)
        if least is not None and most is not None and least > most:
            raise ValueError("最小的不能比最大的大")
        return self


class TextField(_Field):
    kind: Literal[FieldKind.TEXT] = FieldKind.TEXT
    max_length: Annotated[int, Limits(ge=1, le=200)] = 100


class ProseField(_Field):
    kind: Literal[FieldKind.PROSE] = FieldKind.PROSE
    max_length: Annotated[int, Limits(ge=1, le=MOST_WORDS)] = 1000


class IntegerField(_Ordered):
    kind: Literal[FieldKind.INTEGER] = FieldKind.INTEGER
    least: Annotated[int, Limits(ge=-(10**12), le=10**12)] | None = 0
    most: Annotated[int, Limits(ge=-(10**12), le=10**12)] | None = None
    unit: Annotated[Line, StringConstraints(max_length=10)] = ""


class DecimalField(_Ordered):
    kind: Literal[FieldKind.DECIMAL] = FieldKind.DECIMAL
    least: Amount | None = None
    most: Amount | None = None
    places: Annotated[int, Limits(ge=1, le=6)] = 2
    unit: Annotated[Line, StringConstraints(max_length=10)] = ""


class MoneyField(_Ordered):
    """An amount in yuan, to the fen."""

    kind: Literal[FieldKind.MONEY] = FieldKind.MONEY
    least: Amount | None = Decimal(0)
    most: Amount | None = None


class DateField(_Ordered):
    kind: Literal[FieldKind.DATE] = FieldKind.DATE
    least: Day | None = None
    most: Day | None = None


class TimeField(_Field):
    kind: Literal[FieldKind.TIME] = FieldKind.TIME


Choices = Annotated[tuple[Choice, ...], Limits(min_length=2, max_length=60)]


class OneOfField(_Field):
    kind: Literal[FieldKind.ONE_OF] = FieldKind.ONE_OF
    choices: Choices

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        refuse_twice(self.choices)
        return self


class SeveralOfField(_Field):
    kind: Literal[FieldKind.SEVERAL_OF] = FieldKind.SEVERAL_OF
    choices: Choices
    most: Annotated[int, Limits(ge=1, le=60)] | None = None

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        refuse_twice(self.choices)
        return self


class YesNoField(_Field):
    kind: Literal[FieldKind.YES_NO] = FieldKind.YES_NO


class CheckField(_Field):
    """Something to look at. `criterion` says when it passes; `suspected_major` names the clause by which a competent
    person may have to judge it a major hazard: the system never does. `grade` is proposed for what fails."""

    kind: Literal[FieldKind.CHECK] = FieldKind.CHECK
    place: Annotated[Line, StringConstraints(max_length=100)] = ""
    criterion: Remark = ""
    suspected_major: Annotated[Line, StringConstraints(max_length=200)] = ""
    grade: Annotated[int, Limits(ge=1, le=4)] | None = None


class PhotoField(_Field):
    kind: Literal[FieldKind.PHOTO] = FieldKind.PHOTO
    most: Annotated[int, Limits(ge=1, le=MOST_PHOTOS)] = 3


class FileField(_Field):
    kind: Literal[FieldKind.FILE] = FieldKind.FILE
    most: Annotated[int, Limits(ge=1, le=5)] = 1


class PersonField(_Field):
    """A name with a telephone number."""

    kind: Literal[FieldKind.PERSON] = FieldKind.PERSON


class PlaceField(_Field):
    """Where it is, in words."""

    kind: Literal[FieldKind.PLACE] = FieldKind.PLACE


class FigureField(_Field):
    """A number that the service counts: nobody is asked for it. `figure`: which, by `ports.FIGURES`. Words of the same
    form may quote it by its label, in double braces."""

    kind: Literal[FieldKind.FIGURE] = FieldKind.FIGURE
    figure: Key

    @field_validator("label")
    @classmethod
    def _can_be_quoted(cls, label: str) -> str:
        if "{" in label or "}" in label:
            raise ValueError("数字的名称里不能有花括号")
        return label

    @field_validator("required")
    @classmethod
    def _never_asked_for(cls, _required: bool) -> bool:
        return False


Column = Annotated[
    TextField | IntegerField | DecimalField | MoneyField | DateField | TimeField | OneOfField | YesNoField
    | PersonField,
    Limits(discriminator="kind"),
]  # fmt: skip


class TableField(_Field):
    """Rows of the same columns."""

    kind: Literal[FieldKind.TABLE] = FieldKind.TABLE
    columns: Annotated[tuple[Column, ...], Limits(min_length=1, max_length=MOST_COLUMNS)]
    most: Annotated[int, Limits(ge=1, le=MOST_ROWS)] = 50

    @model_validator(mode="after")
    def _columns_differ(self) -> Self:
        refuse_twice(self.columns)
        if any(column.shown_if for column in self.columns):
            raise ValueError("表格里的列不能设显示条件")
        return self


Field = Annotated[
    TextField | ProseField | IntegerField | DecimalField | MoneyField | DateField | TimeField | OneOfField
    | SeveralOfField | YesNoField | CheckField | PhotoField | FileField | PersonField | PlaceField | TableField
    | FigureField,
    Limits(discriminator="kind"),
]  # fmt: skip
FIELD: TypeAdapter[Field] = TypeAdapter(Field)


class FormSection(In):
    """A part with its fields. One that `may_be_skipped` is answered as a whole by the reason why it does not apply.
    `concerns`: traits of enterprises, one of which makes the part theirs; none: it is everybody's."""

    key: Key
    title: Label
    intro: Remark = ""
    may_be_skipped: bool = False
    concerns: Annotated[tuple[Key, ...], Limits(max_length=20)] = ()
    fields: Annotated[tuple[Field, ...], Limits(max_length=MOST_FIELDS)] = ()


class Definition(In):
    """All that a form asks."""

    sections: Annotated[tuple[FormSection, ...], Limits(max_length=MOST_SECTIONS)] = ()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        earlier: dict[str, _Field] = {}
        refuse_twice(self.sections)
        for field in self.fields():
            if field.key in earlier:
                raise ValueError(f"“{field.label}”和前面的“{earlier[field.key].label}”用了同一个代号 {field.key}")
            if field.shown_if is not None:
                _refuse_condition(field, earlier.get(field.shown_if.field))
            earlier[field.key] = field
        if len(self.figures()) < sum(isinstance(field, FigureField) for field in self.fields()):
            raise ValueError("两个系统数字用了同一个名称，正文里引用时分不清")
        if len(earlier) > MOST_FIELDS:
            raise ValueError(f"一张表单最多 {MOST_FIELDS} 项")
        return self

    def fields(self) -> Iterator[Field]:
        """Every field in its order."""
        return (field for section in self.sections for field in section.fields)

    def figures(self) -> dict[str, FigureField]:
        """The numbers that the service counts, by the name under which words quote them."""
        return {field.label: field for field in self.fields() if isinstance(field, FigureField)}


def possible_answers(field: _Field) -> dict[str, str]:
    """What a condition on a field may ask for: {value: words}; nothing for fields without a fixed set of answers."""
    match field:
        case OneOfField() | SeveralOfField():
            return {choice.key: choice.label for choice in field.choices}
        case YesNoField():
            return {"yes": "是", "no": "否"}
        case CheckField():
            return {CheckResult.PASSED: "合格", CheckResult.FAILED: "不合格"}
    return {}


def refuse_twice(parts: tuple[Choice | _Field | FormSection, ...]) -> None:
    """Raise ValueError if two parts have one key."""
    keys = [part.key for part in parts]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"代号 {twice} 用了两次")


def _refuse_condition(field: _Field, asked: _Field | None) -> None:
    if asked is None or field.shown_if is None:
        raise ValueError(f"“{field.label}”的显示条件指向的项目不在它前面")
    if field.shown_if.equals not in possible_answers(asked):
        raise ValueError(f"“{field.label}”的显示条件：“{asked.label}”没有这个答案")


# --- what the pages post ----------------------------------------------------------------------------------------------


class SheetKind(StrEnum):
    """How a sheet says what a form asks."""

    CHECK_ITEMS = "check_items"
    XLSFORM = "xlsform"


class FormIn(In):
    """What a form is called, and what it is for."""

    title: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    about: Annotated[Prose, StringConstraints(max_length=500)] = ""


class NewFormIn(FormIn):
    """A form to begin, for one of the actor's unions."""

    union: UUID


class VersionIn(In):
    """The version of the form that the page showed."""

    version: Annotated[int, Limits(ge=1)]


class SectionIn(VersionIn):
    """A part of a form."""

    title: Label
    intro: Remark = ""
    may_be_skipped: bool = False
    concerns: tuple[Key, ...] = ()

    @field_validator("concerns", mode="before")
    @classmethod
    def _by_name(cls, value: object) -> object:
        return named_traits(value) if isinstance(value, str) else value


class MoveIn(VersionIn):
    """One place up or down."""

    steps: Literal[-1, 1]

    @field_validator("steps", mode="before")
    @classmethod
    def _as_number(cls, value: object) -> object:
        return {"-1": -1, "1": 1}.get(value, value) if isinstance(value, str) else value


class ImportIn(In):
    """A sheet to make a form of: for which union, and how the sheet is laid out."""

    union: UUID
    kind: SheetKind


class UnionIn(In):
    """For which union a copy is made."""

    union: UUID


class PreviewQuery(In):
    """As wide as what: a page, or the screen of a phone."""

    model_config = ConfigDict(extra="ignore")

    view: Literal["page", "phone"] = "page"


class NewFieldQuery(In):
    """Where a field is to be added, and of which kind; what else is posted is the field itself."""

    model_config = ConfigDict(extra="ignore")

    section: Key
    kind: FieldKind
