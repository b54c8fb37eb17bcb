"""A unit's score as its page and its papers show it: every item with what it came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.kit.indicators import Measure, all_indicators
from server.oversight.assessment.models import AssessedFigure, AssessedUnit, Objection, Stage
from server.oversight.assessment.queries import Known, MarkRow, list_objections, names_of, read_known
from server.oversight.assessment.running.marking import shown_value
from server.oversight.assessment.running.results import self_scores
from server.oversight.assessment.schemas import Definition, Item, ItemKind, Part
from server.oversight.assessment.texts import STAGE_NAMES, explain, say, say_figure, say_value


@dataclass(frozen=True, slots=True)
class Given:
    """A value that somebody gave, in words."""

    stage: str
    words: str
    reason: str
    by: str
    at: Any


@dataclass(frozen=True, slots=True)
class Line:
    """An item of a unit."""

    item: Item
    rule: str
    full: str
    self_score: str
    score: str
    place: str
    figure: AssessedFigure | None
    figure_text: str
    given: Sequence[Given]
    shown: str
    is_applicable: bool
    reason: str
    evidence: str

    @property
    def why(self) -> str:
        """What is said of the score: of a check the last reason."""
        return next((each.reason for each in reversed(self.given) if each.stage != STAGE_NAMES[Stage.SELF]), "")


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part with its items."""

    part: Part
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class ShownObjection:
    """An objection with the item that it is about."""

    row: Objection
    label: str


@dataclass(frozen=True, slots=True)
class ShownUnit:
    """All of a unit."""

    parts: Sequence[ShownPart]
    objections: Sequence[ShownObjection]
    vetoes: Sequence[str]


def show_unit(session: Session, scheme: Definition, unit: AssessedUnit) -> ShownUnit:
    """Everything of one unit, by a fixed number of statements."""
    known, objections = read_known(session, [unit.id]), list_objections(session, [unit.id])
    marks = known.marks.get(unit.id, {})
    people = names_of(session, {mark.by_id for found in marks.values() for mark in found})
    labels = {item.key: item.label for item in scheme.items()}
    return ShownUnit(
        parts=list(show_parts(scheme, unit, known, people)),
        objections=[ShownObjection(each, labels.get(each.item, "")) for each in objections],
        vetoes=[labels.get(key, key) for key in (unit.result or {}).get("vetoes", ())],
    )


def show_parts(
    scheme: Definition, unit: AssessedUnit, known: Known, people: Mapping[UUID, str]
) -> Iterator[ShownPart]:  # fmt: skip
    """The parts with their lines."""
    figures, marks = known.figures.get(unit.id, {}), known.marks.get(unit.id, {})
    scores = {each["key"]: each for each in (unit.result or {}).get("items", ())}
    selves = self_scores(scheme, marks)
    for part in scheme.parts:
        yield ShownPart(
            part,
            [
                _line(
                    item, figures.get(item.key), marks.get(item.key, ()), scores.get(item.key), selves[item.key], people
                )
                for item in part.items
            ],
        )


def _line(
    item: Item, figure: AssessedFigure | None, marks: Sequence[MarkRow], score: Mapping[str, Any] | None,
    self_score: Decimal | None, people: Mapping[UUID, str],
) -> Line:  # fmt: skip
    said = [mark for mark in marks if mark.stage is Stage.SELF]
    given = [
        Given(
            STAGE_NAMES[mark.stage], say_value(item, mark.value) if mark.is_applicable else "不适用", mark.reason,
            people.get(mark.by_id, ""), mark.at,
        )
        for mark in marks
    ]  # fmt: skip
    shown, is_applicable = shown_value(item, marks)
    evidence = said[-1].reason if said else ""
    return Line(
        item=item, rule=explain(item), full="—" if item.kind is ItemKind.VETO else say(item.points),
        self_score=_self_words(item, self_score), score=_score_words(item, score),
        place=f"第 {score['place']}" if score is not None and score["place"] else "", figure=figure,
        figure_text=_figure_words(figure), given=given, shown=shown, is_applicable=is_applicable,
        reason=next((mark.reason for mark in reversed(marks) if mark.stage is not Stage.SELF), ""), evidence=evidence,
    )  # fmt: skip


def _self_words(item: Item, score: Decimal | None) -> str:
    if score is None or item.kind is ItemKind.VETO:
        return "—"
    return f"-{say(score)}" if item.kind is ItemKind.DEDUCTION and score else say(score)


def _score_words(item: Item, score: Mapping[str, Any] | None) -> str:
    if score is None:
        return ""
    if not score["is_applicable"]:
        return "不适用"
    if item.kind is ItemKind.VETO:
        return "—"
    points = say(score["score"])
    if item.kind is ItemKind.DEDUCTION and Decimal(score["score"]):
        points = f"-{points}"
    return points if Decimal(score["full"]) in (0, item.points) else f"{points}（满分 {say(score['full'])}）"


def _figure_words(figure: AssessedFigure | None) -> str:
    if figure is None:
        return ""
    known = all_indicators().get(figure.indicator)
    text = say_figure(figure.value, known.measure if known is not None else Measure.ITEMS)
    return f"{text}（{figure.over} ÷ {figure.under}）" if figure.over is not None else text
