"""The demo's supervision: a plan of the district, a draw that anybody can recompute, a visit with a finding whose
opinion waits to be sent."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assignments.dispatch.schemas import RecipientRule
from server.core import ids
from server.core.clock import day_of
from server.kit.workflow import perform
from server.oversight.supervision.actions import add_member, draft_plan
from server.oversight.supervision.drawing.preparing import prepare_draw
from server.oversight.supervision.drawing.steps import SUPERVISION_DRAWS
from server.oversight.supervision.models import DrawMove, Duty, PlanMode, PlanMove, PlanUnit
from server.oversight.supervision.schemas import DrawTerms, MemberIn, NewPlanIn, Quota, ValueIn, VersionIn
from server.oversight.supervision.units.opening import open_unit
from server.oversight.supervision.workflow import PLANS
from server.oversight.visits.models import FindingKind, Side, SignedBy, Visit
from server.oversight.visits.recording.saving import record_visit
from server.oversight.visits.schemas import FindingIn, RecordIn, SignatureIn, TalkIn
from server.unions.actor import Actor

TITLE, BASIS = "冬季“查保促”随机抽查", "市总工会冬季安全生产督导通知"
SITUATION = "看了车间、配电间和职工宿舍，查了隐患台账和培训档案。班组每周自查，台账基本完整。"
ACTIVITIES = "每周班组自查，每月厂级检查，隐患随手拍二十六条。"
TALKED = "手套不够用，夜班巡查有时候少一个人。"
FOUND = "配电箱前堆放纸箱，箱门打不开。"
SUGGESTED = "建议三日内清走纸箱，箱前划出警戒线，并请研究答复。"
STRATUM = "全部"


def supervise(session: Session, district: Actor, city: Actor, now: datetime) -> None:
    """All of it, at the times when it happened."""
    plan_id = _plan(session, district, now - timedelta(days=12))
    _draw(session, plan_id, district, city, now)
    unit_id = session.scalars(select(PlanUnit.id).where(PlanUnit.plan_id == plan_id)).first()
    if unit_id is None:
        raise LookupError(plan_id)
    visit = open_unit(session, unit_id, actor=district, now=now - timedelta(days=8))
    _record(session, visit, district, now - timedelta(days=4))


def _plan(session: Session, district: Actor, at: datetime) -> UUID:
    day = day_of(at)
    form = NewPlanIn(
        title=TITLE, mode=PlanMode.RANDOM, starts_on=day, ends_on=day + timedelta(days=40), basis=BASIS
    )  # fmt: skip
    plan = draft_plan(session, form, actor=district, now=at)
    for member in (
        MemberIn(person=district.person_id, duty=Duty.LEADER),
        MemberIn(words="区安全生产专家库电气专家", duty=Duty.EXPERT),
    ):
        add_member(session, plan.id, member, actor=district, now=at)
    perform(PLANS, session, plan.id, PlanMove.PUBLISH, actor=district, now=at, form=VersionIn(version=plan.version))
    return plan.id


def _draw(session: Session, plan_id: UUID, district: Actor, city: Actor, now: datetime) -> None:
    """Prepared and frozen eleven days ago, drawn when the number was out: the city has read it, too."""
    before, after = now - timedelta(days=11), now - timedelta(days=9)
    terms = DrawTerms(
        rule=RecipientRule(), strata_by="all", quotas=(Quota(stratum=STRATUM, count=1),), reserves=1,
        inspectors_each=2, source=f"上证指数{day_of(after):%Y年%m月%d日}收盘点位", due_on=day_of(after),
    )  # fmt: skip
    draw = prepare_draw(session, plan_id, terms, actor=district, now=before)
    perform(
        SUPERVISION_DRAWS, session, draw.id, DrawMove.FREEZE, actor=district, now=before,
        form=VersionIn(version=draw.version),
    )  # fmt: skip
    for move, reader in ((DrawMove.ENTER_VALUE, district), (DrawMove.DRAW, city)):
        value = ValueIn(version=draw.version, value="3312.45")
        perform(SUPERVISION_DRAWS, session, draw.id, move, actor=reader, now=after, form=value)


def _record(session: Session, visit: Visit, district: Actor, at: datetime) -> None:
    finding = FindingIn(
        id=ids.new_id(), place="一号车间配电箱", description=FOUND, basis="《安全生产法》第三十六条",
        kind=FindingKind.THINGS, grade=3, suggestion=SUGGESTED, due_on=day_of(at) + timedelta(days=20),
        owner="车间主任",
    )  # fmt: skip
    signatures = [
        SignatureIn(side=Side.TEAM, way=SignedBy.TYPED, name="督导组组长", signed_at=at),
        SignatureIn(
            side=Side.ENTERPRISE, way=SignedBy.REFUSED, reason="负责人外出", witness="街道工会干事", signed_at=at
        ),
    ]  # fmt: skip
    body = RecordIn(
        key=ids.new_id(), version=visit.version, visited_on=day_of(at), situation=SITUATION,
        activities=ACTIVITIES, talks=[TalkIn(people=4, topics="劳动防护", words=TALKED)], findings=[finding],
        signatures=signatures,
    )  # fmt: skip
    record_visit(session, visit.id, body, actor=district, now=at)
