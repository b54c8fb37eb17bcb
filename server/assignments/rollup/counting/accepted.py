"""What the accepted answers to one assignment say together, read some at a time: numbers added up, rates recomputed of
what they were divided by, and nothing twice that the accepted answer of a union above counts already."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment, Recipient, RecipientStatus
from server.assignments.dispatch.queries import names_of_recipients
from server.assignments.forms.ports import FIGURES, Drawn, Wanted
from server.assignments.forms.schemas import DecimalField, Definition, FigureField, IntegerField, MoneyField
from server.assignments.forms.showing.answer_words import say_answer, say_counted
from server.assignments.responses.models import Outcome, ResponseVersion
from server.assignments.rollup.counting.adding_up import BATCH
from server.assignments.rollup.counting.totals import MAY_COUNT_TWICE, counts_people
from server.unions.tree.rules import ANCESTOR_COLUMNS

Numbered = FigureField | IntegerField | DecimalField | MoneyField
"""Fields that are added up."""
CHART_SERIES, CHART_UNITS = 3, 12
_ABOVE = tuple(getattr(Recipient, column) for column in ANCESTOR_COLUMNS)


@dataclass(frozen=True, slots=True)
class Reported:
    """Who was asked, and whose answer was accepted: the id of the last such version, by recipient. `within`: the union
    above a recipient whose accepted answer counts its own already. `unions`: those of the recipients."""

    asked: int
    versions: Mapping[UUID, UUID]
    within: Mapping[UUID, UUID]
    unions: Mapping[UUID, UUID]

    @property
    def missing(self) -> int:
        return self.asked - len(self.versions)


@dataclass(frozen=True, slots=True)
class Total:
    """A number of all together. `how`: what it counts; `counted`: of which days, and when. `is_rough`: of people whom
    two unions may both have counted. `values`: of each recipient that is counted, where a chart may show them."""

    key: str
    label: str
    text: str
    how: str
    counted: str = ""
    is_rough: bool = False
    values: Mapping[UUID, int] = field(default_factory=dict)


def were_asked(assignment: Assignment) -> tuple[ColumnElement[bool], ...]:
    """Those who have to answer."""
    return (
        Recipient.assignment_id == assignment.id, Recipient.is_copy.is_(False),
        Recipient.status != RecipientStatus.WITHDRAWN,
    )  # fmt: skip


_IN_FORCE = (ResponseVersion.outcome == Outcome.ACCEPTED, ResponseVersion.submitted_at >= Recipient.sent_at)
"""Accepted, even if it is being corrected now. What was accepted before a recipient was withdrawn and asked again
counts no more: they owe an answer."""


def is_accepted() -> ColumnElement[bool]:
    """Whether an answer of a recipient was accepted, and stands."""
    return exists().where(ResponseVersion.recipient_id == Recipient.id, *_IN_FORCE)


def read_reported(session: Session, assignment: Assignment) -> Reported:
    """Two statements, ids alone."""
    those = were_asked(assignment)
    asked = session.scalar(select(func.count()).select_from(Recipient).where(*those)) or 0
    rows = session.execute(
        select(ResponseVersion.id, Recipient.id.label("recipient_id"), Recipient.union_id, *_ABOVE)
        .join(ResponseVersion, ResponseVersion.recipient_id == Recipient.id)
        .where(*those, *_IN_FORCE)
        .order_by(Recipient.id, ResponseVersion.number)
    ).all()
    last = {row.recipient_id: row for row in rows}  # in their order, so that the last one stays
    reporting = {row.union_id for row in last.values()}
    within = {
        row.recipient_id: above
        for row in last.values()
        for above in [each for each in row[3:] if each in reporting and each != row.union_id][:1]
    }
    unions = {key: row.union_id for key, row in last.items()}
    return Reported(asked, {key: row.id for key, row in last.items()}, within, unions)


def read_accepted(
    session: Session, reported: Reported, recipient_ids: Collection[UUID] | None = None
) -> Iterator[ResponseVersion]:
    """The accepted answers, or those of some, in the order of their recipients; what was read is let go."""
    wanted = reported.versions if recipient_ids is None else recipient_ids
    those = [reported.versions[each] for each in wanted if each in reported.versions]
    for start in range(0, len(those), BATCH):
        some = ResponseVersion.id.in_(those[start : start + BATCH])
        found = session.scalars(select(ResponseVersion).where(some).order_by(ResponseVersion.recipient_id)).all()
        for version in found:
            yield version
            session.expunge(version)


def numbers_of(form: Definition) -> list[Numbered]:
    """What is added up of a form."""
    return [each for each in form.fields() if isinstance(each, Numbered)]


def add_up_accepted(
    session: Session, assignment: Assignment, form: Definition, reported: Reported, now: datetime
) -> list[Total]:
    """Of every number that anybody said; people are counted anew."""
    numbers = numbers_of(form)
    found: dict[str, dict[UUID, Any]] = {each.key: {} for each in numbers}
    for version in read_accepted(session, reported):
        if version.recipient_id not in reported.within:
            for each in numbers:
                if (value := version.answers.get(each.key)) is not None:
                    found[each.key][version.recipient_id] = value
    people = _count_people(session, assignment, form, reported, now)
    return [_total(each, found[each.key], people.get(each.key)) for each in numbers if found[each.key]]


def _count_people(
    session: Session, assignment: Assignment, form: Definition, reported: Reported, now: datetime
) -> dict[str, Drawn]:
    """Figures that count people, of all unions that reported together, by the key of the field: those who are counted
    by two of them are one."""
    figures = {each.key: each.figure for each in form.fields() if isinstance(each, FigureField)}
    counted = tuple(union_id for key, union_id in reported.unions.items() if key not in reported.within)
    if not figures or not counted:
        return {}
    since, until = kind_of(assignment.kind).period(assignment)
    wanted = Wanted(assignment.sender_id, assignment.campaign_id, since, until, counted)
    [book] = FIGURES.answers
    drawn = book.recount(session, wanted, set(figures.values()), now)
    return {key: drawn[figure] for key, figure in figures.items() if figure in drawn}


def lists_behind(form: Definition, wanted: Wanted, now: datetime) -> dict[str, str]:
    """Where the rows are that each figure of a form counts, of a union with all below it; by the key of its field."""
    [book] = FIGURES.answers
    figures = [each for each in form.fields() if isinstance(each, FigureField)]
    found = {each.key: book.list_behind(wanted, each.figure, now) for each in figures}
    return {key: href for key, href in found.items() if href is not None}


def _total(asked: Numbered, found: Mapping[UUID, Any], people: Drawn | None) -> Total:
    if not isinstance(asked, FigureField):
        value, is_rough = sum(Decimal(str(each)) for each in found.values()), counts_people(asked)
        how = f"{len(found)} 家填报的合计" + (f"；{MAY_COUNT_TWICE}。" if is_rough else "。")
        return Total(asked.key, asked.label, say_answer(asked, f"{value:f}"), how, is_rough=is_rough)
    [book] = FIGURES.answers
    drawn = {key: Drawn(**value) for key, value in found.items()}
    total = people or book.total([*drawn.values()])
    counts = {} if total.parts is not None else {key: int(each.value or 0) for key, each in drawn.items()}
    how = total.meaning + ("各单位合在一起重新数，几个单位都有的人只算一次。" if people else "")
    return Total(asked.key, asked.label, total.text, how, say_counted(asdict(total)), values=counts)


@dataclass(frozen=True, slots=True)
class ChartWords:
    """Counts union by union, for a chart: names, and one number per label."""

    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[int]]]


def chart_of(session: Session, totals: Sequence[Total]) -> ChartWords | None:
    """The first counts that say something of more than one union, of the largest by the first of them; else None."""
    shown = [each for each in totals if sum(1 for value in each.values.values() if value) > 1][:CHART_SERIES]
    if not shown:
        return None
    first = shown[0].values
    largest = sorted(first, key=lambda each: -first[each])[:CHART_UNITS]
    names = names_of_recipients(session, largest)
    title = "各单位" + "、".join(each.label for each in shown)
    return ChartWords(
        title + (f"（前 {CHART_UNITS} 家）" if len(first) > CHART_UNITS else ""),
        [names[each] for each in largest],
        [(total.label, [total.values.get(each, 0) for each in largest]) for total in shown],
    )
