"""Writes of plans: the plan itself, its groups and people, how a union plans."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.assignments.forms.queries import get_form
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Conflict, Forbidden, Invalid, NotFound
from server.core.messages import PersonalMessage
from server.kit.scope import ancestors_of
from server.kit.workflow import StepData, begin
from server.oversight.supervision import messages
from server.oversight.supervision.models import (
    KNOWABLE,
    Draw,
    Duty,
    Plan,
    PlanMember,
    PlanStatus,
    PlanTeam,
    PlanUnit,
    Recusal,
    RotaEntry,
    SupervisionSettings,
    UnitInspector,
)
from server.oversight.supervision.queries import find_post, leading, leads
from server.oversight.supervision.schemas import EditIn, MemberIn, NewPlanIn, PlanIn, SettingsIn, TeamIn
from server.oversight.supervision.texts import DUTY_NAMES
from server.oversight.supervision.workflow import PLANS, Change, Context, change_plan
from server.unions.actor import Actor
from server.unions.people.models import Person
from server.unions.tree.queries import get_union, get_union_in_scope

MOST_TEAMS, MOST_MEMBERS = 60, 400


def draft_plan(session: Session, form: NewPlanIn, *, actor: Actor, now: datetime) -> Plan:
    """A draft in the name of one of the actor's unions, the highest if none is named. Raises Forbidden, Invalid."""
    mine = [each.union_id for each in leading(actor) if form.union_id in (None, each.union_id)]
    if not mine:
        raise Forbidden("督导计划由镇街以上的工会制定。")
    plan = Plan(
        id=ids.new_id(), union_id=mine[0], status=PlanStatus.DRAFT, version=1, drafted_by_id=actor.person_id,
        created_at=now, updated_at=now, title=form.title, mode=form.mode, starts_on=form.starts_on,
        ends_on=form.ends_on, basis=form.basis, form_id=_checklist(session, form, actor),
        **ancestors_of(get_union(session, mine[0])),
    )  # fmt: skip
    return begin(PLANS, session, plan, actor=actor, now=now, said=StepData())


def edit_plan(session: Session, plan_id: UUID, form: EditIn, *, actor: Actor, now: datetime) -> Plan:
    """Another title, period or checklist. After it was published the mode and the checklist stay: visits and draws
    rest on them. Raises as change_plan."""
    form_id = _checklist(session, form, actor)

    def write(context: Context) -> None:
        plan = context.row
        is_draft = plan.status is PlanStatus.DRAFT
        if not is_draft and (form.mode is not plan.mode or form_id != plan.form_id):
            raise Invalid("发布以后，方式和检查表不能再改。请取消后重新制定。", fields={"mode": "已经发布，不能再改"})
        plan.title, plan.mode, plan.basis = form.title, form.mode, form.basis
        plan.starts_on, plan.ends_on, plan.form_id = form.starts_on, form.ends_on, form_id

    return change_plan(session, plan_id, Change("计划", form.reason, write, form.version), actor=actor, now=now)


def _checklist(session: Session, form: PlanIn, actor: Actor) -> UUID | None:
    if form.form_id is None:
        return None
    found = get_form(session, form.form_id, actor)
    if not found.field_count:
        raise Invalid(fields={"form_id": "这张表还是空的，请换一张"})
    return found.id


# --- groups and people ------------------------------------------------------------------------------------------------


def add_team(session: Session, plan_id: UUID, form: TeamIn, *, actor: Actor, now: datetime) -> None:
    """One more group."""
    team_id = ids.new_id()
    lead_id = get_union_in_scope(session, form.lead_union, actor).id if form.lead_union is not None else None

    def write(context: Context) -> None:
        last = session.scalar(select(func.max(PlanTeam.position)).where(PlanTeam.plan_id == plan_id)) or 0
        if last >= MOST_TEAMS:
            raise Conflict(f"最多 {MOST_TEAMS} 个组。", code="too_many_teams")
        session.add(PlanTeam(id=team_id, plan_id=plan_id, position=last + 1, lead_union_id=lead_id))

    def tell(context: Context) -> Iterable[PersonalMessage]:
        return messages.joined(context.row, messages.named_by(session, plan_id, [team_id]), context.actor_id)

    change_plan(session, plan_id, Change("加一个组", form.reason, write, tell=tell), actor=actor, now=now)


def remove_team(session: Session, plan_id: UUID, team_id: UUID, reason: str, *, actor: Actor, now: datetime) -> None:
    """Take a group away; its people stay in the pool. Those behind it move up. Raises Conflict while it is to go
    somewhere."""

    def write(context: Context) -> None:
        team = _team_of(session, plan_id, team_id)
        goes = select(RotaEntry.union_id).where(RotaEntry.team_id == team_id)
        visits = select(PlanUnit.id).where(PlanUnit.team_id == team_id)
        if session.scalar(goes.limit(1)) is not None or session.scalar(visits.limit(1)) is not None:
            raise Conflict("这个组已经排了受检单位，请先改派。", code="team_is_going")
        for member in session.scalars(select(PlanMember).where(PlanMember.team_id == team_id)):
            member.team_id = None
        session.flush()
        gone = team.position
        session.delete(team)
        session.flush()
        behind = select(PlanTeam).where(PlanTeam.plan_id == plan_id, PlanTeam.position > gone)
        for each in session.scalars(behind.order_by(PlanTeam.position)).all():
            each.position -= 1
            session.flush()

    change_plan(session, plan_id, Change("去掉一个组", reason, write), actor=actor, now=now)


def _team_of(session: Session, plan_id: UUID, team_id: UUID) -> PlanTeam:
    team = session.get(PlanTeam, team_id)
    if team is None or team.plan_id != plan_id:
        raise NotFound
    return team


def team_in(session: Session, plan_id: UUID, team_id: UUID | None) -> UUID | None:
    """The id of a group of that plan, or none. Raises NotFound for one of another."""
    return _team_of(session, plan_id, team_id).id if team_id is not None else None


def add_member(session: Session, plan_id: UUID, form: MemberIn, *, actor: Actor, now: datetime) -> None:
    """Somebody for a group, or for the pool. Raises Invalid for who is no reviewer of the actor's subtrees."""

    def write(context: Context) -> None:
        team_id, union_id, words = team_in(session, plan_id, form.team), None, form.words
        known = select(func.count()).select_from(PlanMember).where(PlanMember.plan_id == plan_id)
        if (session.scalar(known) or 0) >= MOST_MEMBERS:
            raise Conflict(f"一个计划最多 {MOST_MEMBERS} 人。", code="too_many_people")
        if form.person is not None:
            union_id = find_post(session, form.person, actor)
            if union_id is None:
                raise Invalid(fields={"person": "请从管理范围内的审核员里选"})
            same = select(PlanMember.id).where(PlanMember.plan_id == plan_id, PlanMember.person_id == form.person)
            if session.scalar(same) is not None:
                raise Invalid(fields={"person": "已经在名单里了"})
            words = ""
        phone = form.phone
        if not phone and form.duty is Duty.LIAISON and form.person is not None:
            phone = session.get_one(Person, form.person).phone or ""
        session.add(
            PlanMember(
                id=ids.new_id(), plan_id=plan_id, team_id=team_id, person_id=form.person, union_id=union_id,
                words=words, phone=phone, duty=form.duty, is_chemist=form.is_chemist,
            )
        )  # fmt: skip

    def tell(context: Context) -> Iterable[PersonalMessage]:
        return messages.joined(context.row, {form.person} if form.person is not None else set(), context.actor_id)

    what = f"加{DUTY_NAMES[form.duty]}"
    change_plan(session, plan_id, Change(what, form.reason, write, tell=tell), actor=actor, now=now)


def remove_member(
    session: Session, plan_id: UUID, member_id: UUID, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Somebody who does not go after all. Raises Conflict for who was drawn, or may be by a list that is promised: a
    draw is not corrected by hand."""

    def write(context: Context) -> None:
        member = session.get(PlanMember, member_id)
        if member is None or member.plan_id != plan_id:
            raise NotFound
        if session.scalar(select(UnitInspector.unit_id).where(UnitInspector.member_id == member_id).limit(1)):
            raise Conflict("这个人是抽出来的，请在企业那一行换人。", code="drawn_to_go")
        if _is_promised(session, plan_id, member_id):
            words = "这个人在已经定下的抽取名单里，不能去掉。抽中了又去不了的，请在安排好的督导里换人。"
            raise Conflict(words, code="promised_to_go")
        session.execute(delete(Recusal).where(Recusal.member_id == member_id))
        session.delete(member)

    change_plan(session, plan_id, Change("去掉一个人", reason, write), actor=actor, now=now)


def _is_promised(session: Session, plan_id: UUID, member_id: UUID) -> bool:
    """Whether a frozen list names somebody: it can still draw them, or bring them with an enterprise in reserve."""
    frames = select(Draw.frame).where(Draw.plan_id == plan_id, Draw.status.in_(KNOWABLE))
    return any(each["id"] == str(member_id) for frame in session.scalars(frames) for each in frame["inspectors"])


# --- how a union plans ------------------------------------------------------------------------------------------------


def save_settings(session: Session, union_id: UUID, form: SettingsIn, *, actor: Actor, now: datetime) -> None:
    """Keep how a union plans. Draws that are frozen keep what they were frozen with. Raises Forbidden."""
    if not leads(actor, union_id):
        raise Forbidden("只能改自己工会的设置。")
    kept = session.get(SupervisionSettings, union_id, with_for_update=True)
    if kept is None:
        kept = SupervisionSettings(union_id=union_id)
        session.add(kept)
    kept.yearly_cap, kept.weights = form.yearly_cap, form.model_dump(exclude={"yearly_cap"})
    kept.edited_by_id, kept.edited_at = actor.person_id, now
    session.flush()
    record(
        session, "supervision.settings_saved", subject_type="union", subject_id=union_id, actor_id=actor.person_id,
        at=now, detail={"yearly_cap": form.yearly_cap},
    )  # fmt: skip


def move_member(
    session: Session, plan_id: UUID, member_id: UUID, team_id: UUID | None, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Put somebody into another group, or into the pool."""

    def write(context: Context) -> None:
        member = session.get(PlanMember, member_id)
        if member is None or member.plan_id != plan_id:
            raise NotFound
        member.team_id = team_in(session, plan_id, team_id)

    def tell(context: Context) -> Iterable[PersonalMessage]:
        person_id = session.get_one(PlanMember, member_id).person_id
        return messages.joined(context.row, {person_id} if person_id is not None else set(), context.actor_id)

    change_plan(session, plan_id, Change("换组", reason, write, tell=tell), actor=actor, now=now)
