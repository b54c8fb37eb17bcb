"""Reads of schemes, runs and the units in them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Recipient, RecipientStatus
from server.core.errors import Forbidden, NotFound
from server.oversight.assessment.models import (
    AssessedFigure,
    AssessedUnit,
    Assessment,
    AssessmentStatus,
    Mark,
    Objection,
    SchemeRecord,
    SchemeVersion,
    Stage,
)
from server.oversight.assessment.permissions import MAY_ASSESS, MAY_READ, MAY_SEE_SCHEMES
from server.oversight.assessment.schemas import Definition
from server.unions.actor import Actor, in_scope
from server.unions.people.models import Person
from server.unions.tree.models import Union
from server.unions.tree.queries import line_of

S = AssessmentStatus
RELEASED = (S.OBJECTIONS, S.PUBLISHED, S.FINAL, S.ARCHIVED)
"""Stages in which a unit sees its own result."""
PUBLIC = (S.PUBLISHED, S.FINAL, S.ARCHIVED)
"""Stages in which units see who ranks where among their peers."""


# --- schemes ----------------------------------------------------------------------------------------------------------


def own_unions(actor: Actor, roles: Collection[str] = MAY_ASSESS) -> list[UUID]:
    """The unions in whose name the actor assesses."""
    return actor.union_ids(roles)


def list_owners(session: Session, actor: Actor) -> list[Union]:
    """The same, the highest first."""
    wanted = own_unions(actor)
    found = session.scalars(select(Union).where(Union.id.in_(wanted))).all()
    return sorted(found, key=lambda union: wanted.index(union.id))


def in_reach(actor: Actor) -> ColumnElement[bool]:
    """Schemes of the actor's unions and of those above."""
    return SchemeRecord.union_id.in_(line_of(own_unions(actor, MAY_SEE_SCHEMES)))


def get_scheme(session: Session, scheme_id: UUID, actor: Actor, *, lock: bool = False) -> SchemeRecord:
    """A scheme in the actor's reach. Raises NotFound."""
    statement = select(SchemeRecord).where(SchemeRecord.id == scheme_id, in_reach(actor))
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    scheme = session.scalar(statement)
    if scheme is None:
        raise NotFound
    return scheme


def get_own_scheme(session: Session, scheme_id: UUID, actor: Actor, *, lock: bool = False) -> SchemeRecord:
    """A scheme of one of the actor's own unions. Raises Forbidden for one of a union above."""
    scheme = get_scheme(session, scheme_id, actor, lock=lock)
    if scheme.union_id not in own_unions(actor):
        raise Forbidden("这是上级工会的方案，可以复制一份再改。")
    return scheme


def definition_of(scheme: SchemeRecord | SchemeVersion) -> Definition:
    """What is assessed by it."""
    return Definition.model_validate(scheme.definition)


def list_versions(session: Session, scheme_id: UUID) -> Sequence[SchemeVersion]:
    """Every version that was published, the latest first."""
    those = SchemeVersion.scheme_id == scheme_id
    return session.scalars(select(SchemeVersion).where(those).order_by(SchemeVersion.number.desc())).all()


# --- runs -------------------------------------------------------------------------------------------------------------


def assesses_for(actor: Actor, run: Assessment) -> bool:
    """Whether the actor assesses in the name of the run's union."""
    return run.sender_id in own_unions(actor)


def sees_all(actor: Actor) -> ColumnElement[bool]:
    """Runs of unions of the actor's subtrees: whoever assesses, and those above."""
    return in_scope(actor, Assessment, MAY_SEE_SCHEMES)


def is_visible(actor: Actor) -> ColumnElement[bool]:
    """Those, and the ones whose result of a unit of the actor's subtrees was told."""
    theirs = exists().where(AssessedUnit.assessment_id == Assessment.id, in_scope(actor, AssessedUnit, MAY_READ))
    return or_(sees_all(actor), and_(Assessment.status.in_(RELEASED), theirs))


def get_run(session: Session, run_id: UUID, actor: Actor | None, *, lock: bool = False) -> Assessment:
    """A run. Raises NotFound for others'."""
    statement = select(Assessment).where(Assessment.id == run_id).execution_options(populate_existing=lock)
    if actor is not None:
        statement = statement.where(is_visible(actor))
    run = session.scalar(statement.with_for_update(of=Assessment) if lock else statement)
    if run is None:
        raise NotFound
    return run


def shows_all(session: Session, run: Assessment, actor: Actor) -> bool:
    """Whether the actor sees everything of a run, not their own units alone."""
    return session.scalar(select(Assessment.id).where(Assessment.id == run.id, sees_all(actor))) is not None


def scheme_of(session: Session, run: Assessment) -> Definition:
    """The frozen scheme of a run."""
    return definition_of(session.get_one(SchemeVersion, run.scheme_version_id))


# --- units ------------------------------------------------------------------------------------------------------------


def get_unit(session: Session, unit_id: UUID, actor: Actor, *, lock: bool = False) -> tuple[AssessedUnit, Assessment]:
    """A unit with its run: for whoever assesses and those above; once it was told, for the unit itself and those above
    it. Raises NotFound."""
    may = or_(sees_all(actor), and_(Assessment.status.in_(RELEASED), in_scope(actor, AssessedUnit, MAY_READ)))
    statement = (
        select(AssessedUnit)
        .join(Assessment, Assessment.id == AssessedUnit.assessment_id)
        .where(AssessedUnit.id == unit_id, may)
        .execution_options(populate_existing=lock)
    )
    unit = session.scalar(statement.with_for_update(of=AssessedUnit) if lock else statement)
    if unit is None:
        raise NotFound
    return unit, session.get_one(Assessment, unit.assessment_id)


def is_own(actor: Actor, unit: AssessedUnit) -> bool:
    """Whether the actor reviews at the unit itself, and so may object for it."""
    return any(role.union_id == unit.union_id and role.role in MAY_READ for role in actor.roles)


@dataclass(frozen=True, slots=True)
class MarkRow:
    """A mark as it is read: of a run of thousands of units there are tens of thousands."""

    stage: Stage
    value: str | None
    is_applicable: bool
    reason: str
    by_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of units, by unit and item."""

    figures: Mapping[UUID, Mapping[str, AssessedFigure]]
    marks: Mapping[UUID, Mapping[str, Sequence[MarkRow]]]


def read_known(session: Session, unit_ids: Collection[UUID]) -> Known:
    """Two statements, however many units there are."""
    figures: dict[UUID, dict[str, AssessedFigure]] = defaultdict(dict)
    marks: dict[UUID, dict[str, list[MarkRow]]] = defaultdict(lambda: defaultdict(list))
    for figure in session.scalars(select(AssessedFigure).where(AssessedFigure.unit_id.in_(unit_ids))):
        figures[figure.unit_id][figure.item] = figure
    columns = (Mark.stage, Mark.value, Mark.is_applicable, Mark.reason, Mark.by_id, Mark.at)
    those = select(Mark.unit_id, Mark.item, *columns).where(Mark.unit_id.in_(unit_ids)).order_by(Mark.at, Mark.id)
    for row in session.execute(those):
        given = MarkRow(row.stage, row.value, row.is_applicable, row.reason, row.by_id, row.at)
        marks[row.unit_id][row.item].append(given)
    return Known(figures, marks)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: units that are taken up, of how many; first checks; drawn units, and those looked at again."""

    units: int
    expected: int
    checked: int
    drawn: int
    spot_checked: int


def read_progress(session: Session, run: Assessment) -> Progress:
    """Two statements, however many units there are."""
    units, checked, drawn, spot_checked = session.execute(
        select(
            func.count(), func.count(AssessedUnit.checked_at), func.count(AssessedUnit.place),
            func.count(case((AssessedUnit.place.is_not(None), AssessedUnit.spot_checked_at))),
        ).where(AssessedUnit.assessment_id == run.id)
    ).one()  # fmt: skip
    asked = session.scalar(select(func.count()).select_from(Recipient).where(*are_assessed(run)))
    return Progress(units, asked or 0, checked, drawn, spot_checked)


def are_assessed(run: Assessment) -> tuple[ColumnElement[bool], ...]:
    """The rows of those who were asked to assess themselves."""
    return (
        Recipient.assignment_id == run.assignment_id, Recipient.is_copy.is_(False),
        Recipient.status != RecipientStatus.WITHDRAWN,
    )  # fmt: skip


def units_of(run: Assessment) -> Select[UUID]:
    """The ids of all units of a run."""
    return select(AssessedUnit.id).where(AssessedUnit.assessment_id == run.id)


def list_units(session: Session, run_id: UUID) -> Sequence[AssessedUnit]:
    """Every unit of a run."""
    return session.scalars(
        select(AssessedUnit).where(AssessedUnit.assessment_id == run_id).order_by(AssessedUnit.id)
    ).all()


def list_some_units(session: Session, run_id: UUID, after: UUID | None, most: int) -> Sequence[AssessedUnit]:
    """The next units of a run, in the order of their ids."""
    those = [AssessedUnit.assessment_id == run_id] + ([AssessedUnit.id > after] if after is not None else [])
    return session.scalars(select(AssessedUnit).where(*those).order_by(AssessedUnit.id).limit(most)).all()


def list_objections(session: Session, unit_ids: Collection[UUID]) -> Sequence[Objection]:
    """The objections of these units, the first one first."""
    return session.scalars(select(Objection).where(Objection.unit_id.in_(unit_ids)).order_by(Objection.id)).all()


def names_of(session: Session, people: Collection[UUID | None]) -> dict[UUID, str]:
    """What people are called."""
    wanted = {each for each in people if each is not None}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted))) if wanted else ()
    return {row.id: row.name or "" for row in rows}
