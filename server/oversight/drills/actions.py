"""Writes of drills: the record, a problem that becomes a hazard, rules."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.assignments.findings.ports import FoundHazard, make_hazard
from server.core import ids
from server.core.audit.actions import record
from server.core.clock import SHANGHAI, day_of
from server.core.errors import Conflict, Invalid
from server.core.jobs.actions import enqueue
from server.core.storage.base import ObjectStore
from server.core.text import quoted
from server.kit.scope import ancestors_of
from server.oversight.drills.jobs import COUNT_ALL, COUNT_SOME
from server.oversight.drills.models import Drill, DrillLogEntry, DrillProblem, DrillRule, Phase
from server.oversight.drills.plans.tried import keep_tried
from server.oversight.drills.queries import find_drill, get_drill_session
from server.oversight.drills.schemas import DrillIn, ProblemIn, RuleIn
from server.oversight.training.archive.session_files import may_add
from server.oversight.training.models import SessionStatus, TrainingSession
from server.oversight.training.queries import invited
from server.oversight.training.workflow import require_leader
from server.review.submissions.routing.answering_union import Route
from server.unions.actor import Actor
from server.unions.campaigns.queries import current_campaign
from server.unions.roles import Level
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

OWN_FIELDS = (
    "form", "scope", "aim", "scenario", "hazard", "commander", "groups",
    "observers", "equipment", "revision", "reported_to",
)  # fmt: skip
CATEGORIES = ("emergency", "fire", "other")
"""Of the campaign: the first that it has is taken."""


def _hold(session: Session, session_id: UUID, actor: Actor) -> TrainingSession:
    row = get_drill_session(session, session_id, actor, lock=True)
    require_leader(row, actor)
    if not may_add(row):
        raise Conflict("已经提交或归档，演练记录不能再改。", code="handed_in")
    return row


def record_drill(session: Session, session_id: UUID, form: DrillIn, *, actor: Actor, now: datetime) -> Drill:
    """Keep the record. Raises NotFound, Forbidden, Invalid, Conflict if it changed meanwhile or is closed."""
    row = _hold(session, session_id, actor)
    drill = find_drill(session, row.id)
    if (drill.version if drill is not None else 0) != form.version:
        raise Conflict
    if drill is None:
        drill = Drill(session_id=row.id, version=0)
        session.add(drill)
    for name in OWN_FIELDS:
        setattr(drill, name, getattr(form, name))
    drill.evacuation_seconds = form.evacuation_seconds or None
    drill.on_shift, drill.assembled = _count(form.on_shift), _count(form.assembled)
    drill.must_revise = {"": None, "1": True, "0": False}[form.must_revise]
    drill.reported_on = form.reported_on or None
    drill.version, drill.recorded_by_id, drill.updated_at = drill.version + 1, actor.person_id, now
    session.flush()
    keep_tried(session, row, form)
    _keep_log(session, row, form)
    _count_again(session, row)
    _note(session, "drill.recorded", row, actor, now)
    return drill


def _count(value: int | str) -> int | None:
    return value if isinstance(value, int) else None


def _keep_log(session: Session, row: TrainingSession, form: DrillIn) -> None:
    day = day_of(row.starts_at)
    session.execute(delete(DrillLogEntry).where(DrillLogEntry.session_id == row.id))
    for phase in Phase:
        if at := getattr(form, phase.value):
            session.add(DrillLogEntry(session_id=row.id, phase=phase, at=datetime.combine(day, at, SHANGHAI)))
    session.flush()


def _count_again(session: Session, row: TrainingSession) -> None:
    """When the next is due, for those that were there; one that is not over yet changes nothing."""
    wanted = {row.enterprise_id, *(union_id for union_id, _ in invited(session, row.id))} - {None}
    for union_id in sorted(each for each in wanted if each is not None):
        enqueue(session, COUNT_SOME, union_id=union_id)


def add_problem(
    session: Session, store: ObjectStore, session_id: UUID, form: ProblemIn, *, actor: Actor, now: datetime
) -> DrillProblem:
    """Note a problem: a hazard comes of it. Nobody decides on what they sent in: what an enterprise found itself goes
    to the union above it, what a union found goes to the enterprise. Raises Invalid without an enterprise."""
    row = _hold(session, session_id, actor)
    if row.status in (SessionStatus.PLANNED, SessionStatus.NOTIFIED):
        raise Conflict("演练还没有开始。", code="not_begun")
    union = _enterprise(session, row, form.enterprise)
    is_own = row.organiser_id == union.id
    answering = get_union(session, union.parent_id) if is_own and union.parent_id is not None else union
    hazard_id = make_hazard(
        session, store,
        FoundHazard(
            reporter_id=actor.person_id, campaign_id=current_campaign(session).id, categories=CATEGORIES,
            description=_describe(row, form), place=f"{union.name} {form.place}".strip()[:200],
            route=Route(
                answering.id, answering.name, union.city_id or union.id, union.district_id, union.town_id,
                union.enterprise_id,
            ),
            pictures=(),
        ),
        now=now,
    )  # fmt: skip
    problem = DrillProblem(
        id=ids.new_id(), session_id=row.id, words=form.words, place=form.place, measures=form.measures,
        owner=form.owner, due_on=form.due_on or None, submission_id=hazard_id, found_by_id=actor.person_id,
        found_at=now, **ancestors_of(union),
    )  # fmt: skip
    session.add(problem)
    session.flush()
    _note(session, "drill.problem_noted", row, actor, now)
    return problem


def _enterprise(session: Session, row: TrainingSession, chosen: UUID | None) -> Union:
    """Where it was found: the organiser, if it is an enterprise, else one that was asked by name."""
    if row.enterprise_id is not None:
        return get_union(session, row.enterprise_id)
    if chosen is not None and chosen in {union_id for union_id, _ in invited(session, row.id)}:
        union = get_union(session, chosen)
        if union.level is Level.ENTERPRISE:
            return union
    raise Invalid("请选择问题在哪家企业。", fields={"enterprise": "请选择问题在哪家企业"})


def _describe(row: TrainingSession, form: ProblemIn) -> str:
    measures = f"\n建议措施：{form.measures}" if form.measures else ""
    return f"演练{quoted(row.title)}（{row.number}）发现：{form.words}{measures}"


def add_rule(session: Session, form: RuleIn, *, actor: Actor, now: datetime) -> DrillRule:
    """Another rule, or the same from another day on. Raises Conflict for one that is there."""
    rule = DrillRule(
        id=ids.new_id(), concerns=form.concerns, duty=form.duty, months=form.months, basis=form.basis,
        is_verified=form.is_verified, valid_from=form.valid_from, valid_until=form.valid_until or None,
        changed_by_id=actor.person_id, changed_at=now,
    )  # fmt: skip
    session.add(rule)
    _flush_rule(session)
    _note_rule(session, "drill.rule_added", rule, actor, now)
    return rule


def change_rule(session: Session, rule_id: UUID, form: RuleIn, *, actor: Actor, now: datetime) -> None:
    """Say something else of a rule; dues are counted anew. Raises Conflict for what another says already."""
    rule = session.get(DrillRule, rule_id, with_for_update=True)
    if rule is None:
        raise Conflict
    for name in ("concerns", "duty", "months", "basis", "is_verified", "valid_from"):
        setattr(rule, name, getattr(form, name))
    rule.valid_until, rule.changed_by_id, rule.changed_at = form.valid_until or None, actor.person_id, now
    _flush_rule(session)
    _note_rule(session, "drill.rule_changed", rule, actor, now)


def _flush_rule(session: Session) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("这条规定已经有了：对象、演练、依据和生效日都一样。", code="known_already") from error


def _note_rule(session: Session, action: str, rule: DrillRule, actor: Actor, now: datetime) -> None:
    enqueue(session, COUNT_ALL)
    record(
        session, action, subject_type="drill_rule", subject_id=rule.id, actor_id=actor.person_id, at=now,
        detail={"months": rule.months},
    )  # fmt: skip


def _note(session: Session, action: str, row: TrainingSession, actor: Actor, now: datetime) -> None:
    record(session, action, subject_type="training", subject_id=row.id, actor_id=actor.person_id, at=now)
