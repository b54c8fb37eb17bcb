"""The demo's registers of safety systems and of accidents, and a year's assessment of the districts: objections may
still be raised."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.actions import send_assignment
from server.assignments.dispatch.rules import end_of
from server.assignments.dispatch.sending.writing import write_some
from server.core.clock import day_of
from server.kit.workflow import perform, perform_held
from server.oversight.assessment.actions import create_scheme, publish_scheme
from server.oversight.assessment.models import AssessedUnit, AssessmentMove
from server.oversight.assessment.queries import get_run, scheme_of
from server.oversight.assessment.running.counting import count_some
from server.oversight.assessment.running.marking import items_to_mark, mark_unit
from server.oversight.assessment.running.opening import open_run
from server.oversight.assessment.schemas import (
    Definition,
    ExpertItem,
    Grade,
    GradedItem,
    Item,
    ItemKind,
    OpenIn,
    PerUnitItem,
    PublishIn,
    SchemeIn,
    Scorer,
    UntilIn,
    VersionIn,
    YesNoItem,
)
from server.oversight.assessment.schemes.editing import part_of, put_item
from server.oversight.assessment.schemes.shipped import shipped
from server.oversight.assessment.workflow import ASSESSMENTS
from server.oversight.incidents.actions import note_incident
from server.oversight.incidents.models import IncidentKind
from server.oversight.incidents.schemas import IncidentIn
from server.oversight.systems.actions import use_shipped
from server.oversight.systems.counting.asking import ask_some
from server.oversight.systems.models import HeldSystem
from server.oversight.systems.schemas import AdmitIn, CheckIn, StateIn
from server.oversight.systems.workflow import HELD, HeldMove
from server.unions.actor import Actor

ITEM: TypeAdapter[Item] = TypeAdapter(Item)
STATED, CHECKED = 5, 3  # of the enterprise's systems: written down, looked at by the union above


def keep_registers(session: Session, enterprise: Actor, district: Actor, city: Actor, now: datetime) -> None:
    """Which systems an enterprise has; an accident and an alert of this year."""
    home = enterprise.roles[0].union_id
    use_shipped(session, actor=city, now=now - timedelta(days=50))
    ask_some(session, now - timedelta(days=50), home)
    those = select(HeldSystem).where(HeldSystem.enterprise_id == home).order_by(HeldSystem.id)
    for at, row in enumerate(session.scalars(those).all()[: STATED + 1]):
        said = now - timedelta(days=40 - at)
        if at == STATED:
            none = AdmitIn(version=row.version, note="正在起草，年底前职代会讨论")
            perform(HELD, session, row.id, HeldMove.ADMIT, actor=enterprise, now=said, form=none)
            continue
        adopted = day_of(now - timedelta(days=300 + 20 * at))
        form = StateIn(version=row.version, title=f"示例厂发〔{adopted:%Y}〕{at + 3}号", adopted_on=adopted)
        perform(HELD, session, row.id, HeldMove.STATE, actor=enterprise, now=said, form=form)
        if at < CHECKED:
            seen = CheckIn(version=row.version)
            perform(HELD, session, row.id, HeldMove.CHECK, actor=district, now=said + timedelta(days=2), form=seen)
    for kind, ago, words, source in (
        (IncidentKind.ACCIDENT, 120, "叉车倒车碰伤一名装卸工", "企业报告"),
        (IncidentKind.ALERT, 9, "寒潮蓝色预警", "市气象台"),
    ):
        noted = IncidentIn(
            union=home, kind=kind, happened_on=day_of(now - timedelta(days=ago)), words=words, in_time=True,
            injured=int(kind is IncidentKind.ACCIDENT), source=source,
        )  # fmt: skip
        note_incident(session, noted, actor=district, now=now - timedelta(days=ago - 1))


def assess(session: Session, city: Actor, now: datetime) -> None:
    """From the scheme to the scores; what nobody sent is checked by the city."""
    union_id, form = city.roles[0].union_id, shipped()["city"]
    sent, checked = now - timedelta(days=20), now - timedelta(days=3)
    body = SchemeIn(title=form.title, about=form.about)
    scheme = create_scheme(session, union_id, body, _by_one(form.definition), actor=city, now=sent)
    publish_scheme(session, scheme.id, PublishIn(version=scheme.version), actor=city, now=sent)
    day = day_of(sent)
    opened = OpenIn(title=f"{day.year} 年度考核", since=day.replace(month=1, day=1), until=day, spot_percent=0)
    run, draft = open_run(session, scheme.id, opened, None, actor=city, now=sent)
    draft.due_on = day_of(sent + timedelta(days=14))
    draft.due_at = end_of(draft.due_on)
    session.flush()
    send_assignment(session, draft.id, draft.version, actor=city, now=sent)
    while write_some(session, draft.id, now=sent):
        pass
    session.refresh(run)
    _move(session, run.id, AssessmentMove.COUNT, city, checked)
    while count_some(session, run.id, now=checked):
        pass
    _check(session, run.id, city, checked)
    _move(session, run.id, AssessmentMove.SUM, city, checked)
    held = get_run(session, run.id, None, lock=True)
    perform_held(ASSESSMENTS, ASSESSMENTS.context(session, held, actor=None, now=checked), AssessmentMove.SUMMED)
    until = UntilIn(version=held.version, until=day_of(now) + timedelta(days=5))
    perform(ASSESSMENTS, session, run.id, AssessmentMove.OPEN_OBJECTIONS, actor=city, now=checked, form=until)


def _by_one(scheme: Definition) -> Definition:
    """Some items are scored by two people or by experts, and the demo's city has one reviewer: by one, in grades."""
    grades = [Grade(label="好", percent=Decimal(100)), Grade(label="一般", percent=Decimal(60))]
    for item in scheme.items():
        said = item.model_dump() | {"scorer": Scorer.REVIEWER}
        if isinstance(item, ExpertItem):
            said |= {"kind": ItemKind.GRADED, "grades": grades}
        scheme = put_item(scheme, part_of(scheme, item.key).key, ITEM.validate_python(said))
    return scheme


def _move(session: Session, run_id: UUID, move: AssessmentMove, city: Actor, at: datetime) -> None:
    version = VersionIn(version=get_run(session, run_id, None).version)
    perform(ASSESSMENTS, session, run_id, move, actor=city, now=at, form=version)


def _check(session: Session, run_id: UUID, city: Actor, at: datetime) -> None:
    items = items_to_mark(scheme_of(session, get_run(session, run_id, None)))
    units = select(AssessedUnit).where(AssessedUnit.assessment_id == run_id).order_by(AssessedUnit.id)
    for place, unit in enumerate(session.scalars(units).all()):
        values = {f"value-{item.key}": _value(item, place, at_item) for at_item, item in enumerate(items)}
        said = mark_unit(session, unit.id, unit.version, values, actor=city, now=at)
        if said.errors:
            raise ValueError(said.errors)


def _value(item: Item, place: int, at: int) -> str:
    """What was found: mostly good, not the same everywhere; every fifth unit has all of it."""
    luck, is_best = place + at, place % 5 == 0
    match item:
        case YesNoItem():
            return "0" if luck % 7 == 0 and not is_best else "1"
        case GradedItem():
            return f"{item.grades[0 if is_best else luck % 2].percent:f}"
        case PerUnitItem():
            return "10" if is_best else str(2 + luck % 3)
        case _:
            return "0"
