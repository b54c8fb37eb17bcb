"""The form of a self-assessment, made of a scheme, and what its answers mean as values. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from server.assignments.forms.schemas import (
    Choice,
    DecimalField,
    FileField,
    FormSection,
    IntegerField,
    OneOfField,
    ProseField,
    YesNoField,
)
from server.assignments.forms.schemas import Definition as Form
from server.assignments.forms.schemas import Field as FormField
from server.oversight.assessment.schemas import (
    BonusItem,
    DeductionItem,
    Definition,
    ExpertItem,
    GradedItem,
    Item,
    ItemKind,
    LatenessItem,
    PerUnitItem,
    RatioItem,
    Source,
)
from server.oversight.assessment.texts import explain

WHY, FILES, MORE = "why", "files", "more"
MOST_FILES = 5
"""Of an item: folders of thousands of photos help nobody."""


def self_form(scheme: Definition) -> Form:
    """What units are asked: every item that they report themselves, with words and files as evidence."""
    sections = [
        FormSection(key=part.key, title=part.title, fields=tuple(_fields(part.items)))
        for part in scheme.parts
        if any(item.source is Source.SELF_REPORTED for item in part.items)
    ]
    more = ProseField(key=MORE, label="其他要说明的", max_length=1000)
    return Form(sections=(*sections, FormSection(key=MORE, title="补充", fields=(more,))))


def _fields(items: tuple[Item, ...]) -> Iterator[FormField]:
    for item in items:
        if item.source is not Source.SELF_REPORTED:
            continue
        if (asked := _value_field(item)) is not None:
            yield asked
        yield ProseField(
            key=f"{item.key}_{WHY}", label=f"{item.label}：说明", max_length=1000,
            hint="怎么做的、哪天、多少人；系统里有记录的写编号，不用再拍一遍。",
            required=item.needs_evidence,
        )  # fmt: skip
        yield FileField(key=f"{item.key}_{FILES}", label=f"{item.label}：佐证", most=MOST_FILES)


def _value_field(item: Item) -> FormField | None:
    common: dict[str, Any] = {"key": item.key, "label": item.label, "hint": explain(item)[:500], "basis": item.basis}
    match item:
        case GradedItem():
            choices = [Choice(key=f"g{number}", label=each.label) for number, each in enumerate(item.grades)]
            return OneOfField(choices=tuple(choices), required=True, **common)
        case PerUnitItem() | BonusItem() | DeductionItem():
            return IntegerField(unit=item.unit, required=True, **common)
        case LatenessItem():
            return IntegerField(unit="天", **common)
        case ExpertItem():
            return None
    if item.kind in (ItemKind.YES_NO, ItemKind.VETO):
        return YesNoField(required=True, **common)
    return DecimalField(least=Decimal(0), unit="%" if isinstance(item, RatioItem) else "", required=True, **common)


@dataclass(frozen=True, slots=True)
class Said:
    """What a unit said of an item. `value` None: nothing."""

    item: Item
    value: Decimal | None
    words: str


def read_answers(scheme: Definition, answers: Mapping[str, Any]) -> list[Said]:
    """What a unit said of each item that it reports itself."""
    return [
        Said(item, _value(item, answers.get(item.key)), str(answers.get(f"{item.key}_{WHY}") or ""))
        for item in scheme.items()
        if item.source is Source.SELF_REPORTED
    ]


def _value(item: Item, answer: Any) -> Decimal | None:
    if answer is None or answer == "":
        return None
    if isinstance(item, GradedItem):
        return item.grades[int(str(answer)[1:])].percent
    if isinstance(answer, bool):
        return Decimal(int(answer))
    return Decimal(str(answer))
