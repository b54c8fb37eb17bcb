"""Reads of closing reports: those that were sent down, and what the accepted ones say together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import Fact
from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.assignments.dispatch.queries import get_assignment, is_visible, list_latest
from server.assignments.dispatch.texts import STATUS_NAMES
from server.assignments.forms.ports import FIGURES, Drawn
from server.assignments.forms.queries import find_frozen
from server.assignments.forms.schemas import (
    DecimalField,
    Definition,
    Field,
    FigureField,
    IntegerField,
    MoneyField,
    ProseField,
)
from server.assignments.forms.showing.answer_words import explain_figure, say_answer, with_figures
from server.assignments.responses.models import Outcome, ResponseVersion
from server.core.clock import day_in_words
from server.core.errors import NotFound
from server.kit.scope import union_names
from server.oversight.summaries.schemas import SummaryDetails
from server.unions.actor import Actor
from server.unions.tree.rules import ANCESTOR_COLUMNS

NAME = "summary"
FORM = files("server.oversight.summaries") / "data" / "form.json"
Numbered = FigureField | IntegerField | DecimalField | MoneyField
"""Fields that are added up."""


@cache
def ready_form() -> Definition:
    """The form that is there to begin with."""
    return Definition.model_validate_json(FORM.read_bytes())


def period_of(assignment: Assignment) -> tuple[date | None, date | None]:
    """The days of its figures."""
    details = SummaryDetails.model_validate(assignment.details)
    return details.since, details.until


def facts_of(_session: Session, assignment: Assignment) -> Sequence[Fact]:
    """What both sides read beside the text."""
    since, until = period_of(assignment)
    words = f"{day_in_words(since) if since else '开始'}至{day_in_words(until) if until else '提交那天'}"
    facts = [Fact("统计期", words if since or until else "全部时间")]
    if assignment.status is not AssignmentStatus.DRAFT:
        href = f"/console/summaries/{assignment.id}"
        facts.append(Fact("汇总", "看各单位交来的数字和文字", href, is_link=True, is_for_sender=True))
    return facts


def list_summaries(session: Session, actor: Actor) -> Sequence[Assignment]:
    """The latest that were sent; the engine lists all of them."""
    return list_latest(session, NAME, is_visible(actor))


def get_summary(session: Session, assignment_id: UUID, actor: Actor) -> Assignment:
    """One that was sent, for its sender and those above. Raises NotFound."""
    found = get_assignment(session, assignment_id, actor)
    if found.kind != NAME or found.status is AssignmentStatus.DRAFT:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Unit:
    """A union that was asked. `answers`: those that were accepted last, as they are read; none yet: empty.
    `within`: the union above it whose accepted report counts it already."""

    row: Recipient
    name: str
    version: ResponseVersion | None
    answers: Mapping[str, Any]
    within: str = ""

    @property
    def status_text(self) -> str:
        return STATUS_NAMES[self.row.status]


@dataclass(frozen=True, slots=True)
class Total:
    """A number of all together. `how`: what it counts."""

    label: str
    text: str
    how: str


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one union's report."""

    key: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the accepted reports say together: numbers added up, passages by part of the form."""

    assignment: Assignment
    units: Sequence[Unit]
    numbers: Sequence[Numbered]
    totals: Sequence[Total]
    parts: Mapping[str, Sequence[Passage]] = field(default_factory=dict)

    @property
    def reported(self) -> list[Unit]:
        """Those whose report was accepted."""
        return [each for each in self.units if each.version is not None]

    @property
    def missing(self) -> list[Unit]:
        return [each for each in self.units if each.version is None]


def compile_summary(session: Session, assignment: Assignment) -> Compiled:
    """Everything of one assignment. Four statements, however many unions there are. Raises NotFound without a form."""
    form = find_frozen(session, assignment.form_version_id)
    if form is None:
        raise NotFound
    those = Recipient.assignment_id == assignment.id, Recipient.is_copy.is_(False)
    rows = session.scalars(
        select(Recipient).where(*those, Recipient.status != RecipientStatus.WITHDRAWN).order_by(Recipient.id)
    ).all()
    accepted = ResponseVersion.recipient_id.in_(select(Recipient.id).where(*those))
    versions = {  # in their order, so that the last one stays
        each.recipient_id: each
        for each in session.scalars(
            select(ResponseVersion)
            .where(accepted, ResponseVersion.outcome == Outcome.ACCEPTED)
            .order_by(ResponseVersion.number)
        )
    }
    names = {union_id: each.name for union_id, each in union_names(session, {row.union_id for row in rows}).items()}
    reporting = {row.union_id for row in rows if row.id in versions}
    units = [_unit(row, names, versions.get(row.id), reporting, form) for row in rows]
    numbers = [each for each in form.fields() if isinstance(each, Numbered)]
    counted = [each.answers for each in units if each.version is not None and not each.within]
    totals = [each for number in numbers if (each := _total(number, [found.get(number.key) for found in counted]))]
    return Compiled(assignment, units, numbers, totals, dict(_parts(form, units)))


def _unit(
    row: Recipient, names: Mapping[UUID, str], version: ResponseVersion | None, reporting: set[UUID], form: Definition
) -> Unit:
    above = {getattr(row, column) for column in ANCESTOR_COLUMNS} - {row.union_id, None}
    within = next((names[each] for each in above & reporting), "") if version is not None else ""
    answers = with_figures(form, version.answers) if version is not None else {}
    return Unit(row, names[row.union_id], version, answers, within)


def _total(asked: Numbered, values: Sequence[Any]) -> Total | None:
    """Counts are added up; a rate is recomputed of what it was divided by, never averaged."""
    found = [value for value in values if value is not None]
    if not found:
        return None
    if isinstance(asked, FigureField):
        [book] = FIGURES.answers
        drawn = book.total([Drawn(**value) for value in found])
        return Total(asked.label, drawn.text, explain_figure(asdict(drawn)))
    value = sum(Decimal(str(each)) for each in found)
    return Total(asked.label, say_answer(asked, f"{value:f}"), f"{len(found)} 家填报的合计。")


def _parts(form: Definition, units: Sequence[Unit]) -> Iterator[tuple[str, list[Passage]]]:
    for section in form.sections:
        prose = [each for each in section.fields if isinstance(each, ProseField)]
        yield section.title, [
            Passage(f"{unit.row.id}.{asked.key}", unit.name, unit.answers[asked.key])
            for asked in prose for unit in units if unit.answers.get(asked.key)
        ]  # fmt: skip


def say_number(asked: Field) -> Callable[[Unit], str]:
    """What a union's report says to a number, in words."""
    return lambda unit: say_answer(asked, unit.answers.get(asked.key))
