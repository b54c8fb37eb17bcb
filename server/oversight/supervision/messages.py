"""What people are told of plans: that one names them, what changes in it, where they are to go."""

from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.core.clock import short_days
from server.core.messages import Message, PersonalMessage, WechatNotice
from server.core.text import quoted
from server.kit.occasions import Occasion
from server.oversight.supervision.models import Plan, PlanMember, PlanTeam, UnitInspector
from server.unions.people.queries import reviewers_of
from server.unions.tree.queries import get_union

PHONE_PAGE = "tasks/visits/list"


def published(session: Session, plan: Plan, by: UUID | None) -> Iterator[PersonalMessage]:
    """That a plan names them, to all of its people and to the reviewers of the unions that lead a group."""
    days = short_days(plan.starts_on, plan.ends_on)
    body = f"{get_union(session, plan.union_id).name}的{quoted(plan.title)}（{days}）有您的任务，请看在哪个组、去哪里。"
    yield from _to_each(plan, named_by(session, plan.id), f"published:{plan.id.hex}", Message("督导计划", body), by)


def called_off(session: Session, plan: Plan, by: UUID | None) -> Iterator[PersonalMessage]:
    """That it does not take place. The reason stands on its page."""
    message = Message("督导计划已取消", f"{quoted(plan.title)}取消了，不用再去。")
    yield from _to_each(plan, named_by(session, plan.id), f"cancelled:{plan.id.hex}", message, by)


def joined(plan: Plan, people: Collection[UUID], by: UUID | None) -> Iterator[PersonalMessage]:
    """That they are in it now, once it is published."""
    body = f"{quoted(plan.title)}加上了您，请看在哪个组、去哪里。"
    yield from _to_each(plan, people, f"joined:{plan.id.hex}:{plan.version}", Message("督导计划", body), by)


def regrouped(session: Session, plan: Plan, team_ids: Collection[UUID], by: UUID | None) -> Iterator[PersonalMessage]:
    """That where these groups go has changed."""
    body = f"{quoted(plan.title)}的分组表有变动，请看您的组去哪里、哪几天。"
    people = named_by(session, plan.id, team_ids)
    yield from _to_each(plan, people, f"regrouped:{plan.id.hex}:{plan.version}", Message("督导分组有变动", body), by)


def drawn(
    session: Session, plan: Plan, batch: UUID, unit_ids: Collection[UUID], by: UUID | None
) -> Iterator[PersonalMessage]:
    """To how many enterprises they were drawn to go; `batch`: the draw, or the one that stands in for another."""
    rows = session.execute(
        select(PlanMember.person_id, func.count().label("units"))
        .join(UnitInspector, UnitInspector.member_id == PlanMember.id)
        .where(UnitInspector.unit_id.in_(unit_ids), PlanMember.person_id.is_not(None))
        .group_by(PlanMember.person_id)
    )
    for row in rows:
        message = Message("抽到您去督导", f"{quoted(plan.title)}：抽到您去 {row.units} 家企业。")
        yield from _to_each(plan, (row.person_id,), f"drawn:{batch.hex}", message, by)


def opened(plan: Plan, visits: Mapping[UUID, int], batch: UUID, by: UUID | None) -> Iterator[PersonalMessage]:
    """How many visits were opened for each person: one message, however many there are."""
    for person_id, count in visits.items():
        message = Message("督导安排您去", f"{quoted(plan.title)}安排您去 {count} 家企业，手机“我的督导”里可以记录。")
        yield from _to_each(plan, (person_id,), f"opened:{batch.hex}", message, by)


def named_by(session: Session, plan_id: UUID, team_ids: Collection[UUID] | None = None) -> set[UUID]:
    """The people of a plan, or of these groups of it, and the reviewers of the unions that lead a group."""
    members = select(PlanMember.person_id).where(PlanMember.plan_id == plan_id, PlanMember.person_id.is_not(None))
    leads = select(PlanTeam.lead_union_id).where(PlanTeam.plan_id == plan_id, PlanTeam.lead_union_id.is_not(None))
    if team_ids is not None:
        members, leads = members.where(PlanMember.team_id.in_(team_ids)), leads.where(PlanTeam.id.in_(team_ids))
    people = {each for each in session.scalars(members) if each is not None}
    leading = reviewers_of(session, [each for each in session.scalars(leads) if each is not None])
    return people.union(*leading.values())


def _to_each(
    plan: Plan, people: Collection[UUID], step: str, message: Message, by: UUID | None
) -> Iterator[PersonalMessage]:
    for person_id in sorted(people):
        if person_id != by:
            yield PersonalMessage(
                person_id=person_id, key=f"supervision:{step}:{person_id.hex}", message=message,
                desk=f"/console/supervision/{plan.id}", target=f"plan:{plan.id}", what=plan.title,
                by_wechat=WechatNotice(f"supervision.{step.partition(':')[0]}", Occasion.DESK, "请查看", PHONE_PAGE),
            )  # fmt: skip
