"""The demo's training: a course that is archived, a drill of two plans with a problem, a course to come; who is to be
trained, and the register of emergency plans."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.clock import day_of
from server.core.storage.base import ObjectStore
from server.kit.workflow import perform
from server.oversight.coverage.actions import enter_denominator, name_officer
from server.oversight.coverage.schemas import DenominatorIn, OfficerIn
from server.oversight.drills.actions import add_problem, record_drill
from server.oversight.drills.models import DrillAim, DrillForm, DrillScope, PlanKind
from server.oversight.drills.plans.keeping import note_plan
from server.oversight.drills.schemas import DrillIn, PlanFacts, ProblemIn
from server.oversight.training.actions import plan_session
from server.oversight.training.check_in.corrections import add_by_trainer
from server.oversight.training.models import SessionKind, TrainingSession
from server.oversight.training.schemas import AddIn, PapersIn, SessionIn, VersionIn
from server.oversight.training.workflow import SESSIONS, SessionMove
from server.unions.actor import Actor

OFFICER = "演示安全员"
PEOPLE = (
    (OFFICER, "安全员"), ("演示班长", "一车间班长"), ("演示电工", "电工"), ("演示叉车工", "叉车工"),
    ("演示质检员", "质检员"), ("演示仓管员", "仓库管理员"), ("演示焊工", "焊工"), ("演示保洁员", "保洁员"),
)  # fmt: skip
WRITTEN = "请来的人按岗位核对过名单。"


def train(session: Session, store: ObjectStore, enterprise: Actor, district: Actor, now: datetime) -> None:
    """All of it, at the times when it happened."""
    home, first = enterprise.roles[0].union_id, now - timedelta(days=60)
    signed = DenominatorIn(
        as_of=day_of(first), own=96, dispatched=12, contractors=6, teams=8, evidence="职工名册",
        signed_by="企业工会主席",
    )  # fmt: skip
    enter_denominator(session, home, signed, actor=enterprise, now=first)
    name_officer(session, home, OfficerIn(name=OFFICER, post="安全员"), actor=enterprise, now=first)
    _teach(session, enterprise, district, now)
    _drill(session, store, enterprise, _register(session, enterprise, first, now), now)
    _plan(
        session, enterprise, now + timedelta(days=6), kind=SessionKind.WARNING_LESSON, title="身边事故警示教育", hours=1
    )


def _register(session: Session, enterprise: Actor, at: datetime, now: datetime) -> list[UUID]:
    """A special plan that is filed, and one for a place of work that is not."""
    home = enterprise.roles[0].union_id
    facts = {"drawn_up_on": day_of(now - timedelta(days=320)), "edition": "第 1 版"}
    filed = {"filed_with": "区应急管理局", "filed_on": day_of(now - timedelta(days=300))}
    return [
        note_plan(session, home, PlanFacts(**facts, **more), actor=enterprise, now=at).id
        for more in (
            {"kind": PlanKind.SPECIAL, "name": "火灾事故专项应急预案", "accident": "火灾", **filed},
            {"kind": PlanKind.ON_SITE, "name": "配电间触电现场处置方案", "accident": "触电"},
        )
    ]


def _teach(session: Session, enterprise: Actor, district: Actor, now: datetime) -> None:
    course = _hold(
        session, enterprise, now - timedelta(days=26), kind=SessionKind.COURSE, title="冬季用电和取暖安全", hours=2,
        theme="怎么看配电箱、暖风机放哪里", legal_basis="《安全生产法》第二十八条", trainer="区安全生产专家库讲师",
    )  # fmt: skip
    _finish(session, course, enterprise, now - timedelta(days=25))
    perform(
        SESSIONS, session, course.id, SessionMove.ARCHIVE, actor=district, now=now - timedelta(days=23),
        form=VersionIn(version=course.version),
    )  # fmt: skip


def _drill(session: Session, store: ObjectStore, enterprise: Actor, plans: list[UUID], now: datetime) -> None:
    drill = _hold(
        session, enterprise, now - timedelta(days=6), kind=SessionKind.DRILL, title="一车间电气火灾疏散", hours=1,
        theme="报警、断电、疏散、清点", legal_basis="《生产安全事故应急条例》第八条", trainer="企业工会主席",
    )  # fmt: skip
    at = now - timedelta(days=5)
    record = DrillIn(
        version=0, plans=plans, revise=plans[:1], must_revise="1", revision="疏散路线避开卸货口", form=DrillForm.FULL,
        scope=DrillScope.COMBINED, aim=DrillAim.CHECK, scenario="配电间冒烟，一车间照明断电。", hazard="电气火灾",
        commander="生产副厂长", found=time(14, 0), alarm=time(14, 1), started=time(14, 2), evacuation=time(14, 3),
        head_count=time(14, 7), handling=time(14, 9), ended=time(14, 20), evacuation_seconds=170, on_shift=41,
        assembled=41,
    )  # fmt: skip
    record_drill(session, drill.id, record, actor=enterprise, now=at)
    problem = ProblemIn(
        words="东侧疏散门外堆着托盘，推不开", place="一车间东门", measures="清走托盘，门外划线", owner="车间主任"
    )
    add_problem(session, store, drill.id, problem, actor=enterprise, now=at)
    _finish(session, drill, enterprise, at)  # waits for the union above


def _plan(session: Session, actor: Actor, at: datetime, **words: object) -> TrainingSession:
    content = {"venue": "二楼培训室", "day": day_of(at), "begins": time(14, 0), "ends": time(16, 0), **words}
    form = SessionIn.model_validate({**content, "hours": Decimal(str(words["hours"])), "planned_count": len(PEOPLE)})
    return plan_session(session, actor.roles[0].union_id, form, actor=actor, now=at - timedelta(days=7))


def _hold(session: Session, actor: Actor, at: datetime, **words: object) -> TrainingSession:
    """Planned, begun, everybody written down by the trainer, ended."""
    row = _plan(session, actor, at, **words)
    at = row.starts_at
    _move(session, row, SessionMove.START, VersionIn(version=row.version), actor, at)
    for name, post in PEOPLE:
        add_by_trainer(session, row.id, AddIn(name=name, post=post, reason=WRITTEN), actor=actor, now=at)
    _move(session, row, SessionMove.END, VersionIn(version=row.version), actor, at + timedelta(hours=2))
    return row


def _finish(session: Session, row: TrainingSession, actor: Actor, at: datetime) -> None:
    papers = PapersIn(
        version=row.version, evaluation="提问、实操都做了，八个人都答得上来。", summary="按计划做完，资料齐。",
        cost=Decimal(300),
    )  # fmt: skip
    _move(session, row, SessionMove.WRITE, papers, actor, at)
    _move(session, row, SessionMove.HAND_IN, VersionIn(version=row.version), actor, at)


def _move(
    session: Session, row: TrainingSession, move: SessionMove, form: VersionIn, actor: Actor, at: datetime
) -> None:
    perform(SESSIONS, session, row.id, move, actor=actor, now=at, form=form)
