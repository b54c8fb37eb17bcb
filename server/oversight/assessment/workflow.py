"""Stages of a run and what leads from one to the next."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.core.clock import day_of
from server.core.errors import AppError, Conflict, Forbidden, Invalid
from server.core.jobs.actions import enqueue
from server.kit.calling_off import CallingOff, ask, keep
from server.kit.workflow import SYSTEM, Move, MoveContext, Party, Step, StepData, Workflow
from server.oversight.assessment.models import (
    AssessedUnit,
    Assessment,
    AssessmentMove,
    AssessmentStatus,
    Mark,
    Objection,
    Stage,
)
from server.oversight.assessment.permissions import MAY_ASSESS
from server.oversight.assessment.queries import assesses_for, get_run, read_progress, scheme_of, units_of
from server.oversight.assessment.running.drawing import draw_units
from server.oversight.assessment.running.results import is_given_by_several, sum_run
from server.oversight.assessment.schemas import Scorer
from server.oversight.assessment.texts import RESCORING
from server.unions.actor import Actor

Context = MoveContext[Assessment]
M, S = AssessmentMove, AssessmentStatus
UNDER_WAY = (S.PREPARED, S.SELF, S.CHECKING, S.SPOT, S.SUMMED, S.OBJECTIONS, S.PUBLISHED)


def _lock(session: Session, run_id: UUID, actor: Actor | None) -> Assessment:
    return get_run(session, run_id, actor, lock=True)


def _refuse_others(context: Context) -> AppError | None:
    if context.actor is not None and assesses_for(context.actor, context.row):
        return None
    return Forbidden("由开展考核的工会处理。")


ASSESSOR: Party[Assessment] = Party("assessor", _refuse_others)


def _refuse_strangers(context: Context) -> AppError | None:
    if context.actor is not None and context.actor.holds_over(context.row, MAY_ASSESS):
        return None
    return Forbidden("由开展考核的工会或者上级工会来定。")


SECOND: Party[Assessment] = Party("second", _refuse_strangers)
"""The same union, or one above it."""


def _knows_the_result(context: Context) -> bool:
    """Whether it is known who was drawn, or who got what: a run is not begun anew until it suits one person."""
    return context.row.drawn_at is not None or context.row.result_hash is not None


CALLING_OFF: CallingOff[Assessment] = CallingOff(
    takes_two=_knows_the_result, alone=_refuse_others, word="取消", early="还没有抽签，也没有出得分"
)


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """The assignment by which units are asked to assess themselves."""

    assignment: Assignment


def _send(context: Context) -> StepData:
    assignment = cast(SelfAssessment, context.form).assignment
    context.row.assignment_id, context.row.campaign_id = assignment.id, assignment.campaign_id
    return StepData(data={"assignment_id": str(assignment.id)})


def _count(context: Context, _step: Step) -> None:
    enqueue(context.session, "assessment.count_units", assessment_id=context.row.id)


def _refuse_unchecked(context: Context) -> AppError | None:
    found = read_progress(context.session, context.row)
    if not found.units:
        return Conflict("没有单位可以核分。", code="nobody")
    if missing := found.units - found.checked:
        return Conflict(f"还有 {missing} 家没有初审。", code="not_checked")
    return _refuse_single(context, found.units)


def _refuse_single(context: Context, units: int) -> AppError | None:
    """Where two are to give points each by themselves, two have."""
    scheme = scheme_of(context.session, context.row)
    items = {item.key for item in scheme.items() if item.scorer is Scorer.TWO_REVIEWERS and is_given_by_several(item)}
    if not items:
        return None
    of_two = (
        select(Mark.unit_id)
        .join(AssessedUnit, AssessedUnit.id == Mark.unit_id)
        .where(AssessedUnit.assessment_id == context.row.id, Mark.item.in_(items), Mark.stage == Stage.FIRST)
        .group_by(Mark.unit_id)
        .having(func.count(Mark.by_id.distinct()) >= 2)
        .subquery()
    )
    single = units - (context.session.scalar(select(func.count()).select_from(of_two)) or 0)
    return Conflict(f"有 {single} 家的项目还差一个人打分。", code="one_more_reviewer") if single else None


def _refuse_draw(context: Context) -> AppError | None:
    if not context.row.terms["percent"]:
        return Conflict("这次考核不抽查，初审完直接汇总。", code="no_spot_check")
    return _refuse_unchecked(context)


def _draw(context: Context) -> StepData:
    count = draw_units(context.session, context.row, context.now)
    return StepData(data={"listed": len(context.row.entrants), "drawn": count})


def _refuse_sum(context: Context) -> AppError | None:
    if context.row.status is S.CHECKING and context.row.terms["percent"]:
        return Conflict("先抽查核分，再汇总。", code="no_spot_check")
    found = read_progress(context.session, context.row)
    if missing := found.drawn - found.spot_checked:
        return Conflict(f"抽中的还有 {missing} 家没有核分。", code="not_spot_checked")
    return _refuse_unchecked(context)


def _sum(context: Context) -> StepData:
    sum_run(context.session, context.row)
    return StepData(data={"result_hash": context.row.result_hash})


def _check_until(context: Context) -> AppError | None:
    if context.form.until < day_of(context.now):
        return Invalid("最后一天不能早于今天。", fields={"until": "不能早于今天"})
    return None


def _open_objections(context: Context) -> StepData:
    context.row.objections_until = context.form.until
    return StepData(data={"until": context.form.until.isoformat()})


def _publish(context: Context) -> StepData:
    context.row.published_until = context.form.until
    return StepData(data={"until": context.form.until.isoformat()})


def _refuse_early(context: Context) -> AppError | None:
    if context.row.is_rescoring:
        return Conflict(RESCORING, code="rescoring")
    until = context.row.objections_until if context.row.status is S.OBJECTIONS else context.row.published_until
    if until is not None and day_of(context.now) <= until:
        return Conflict(f"到 {until:%Y-%m-%d} 为止，第二天起可以进入下一步。", code="too_early")
    those = Objection.unit_id.in_(units_of(context.row)), Objection.answered_at.is_(None)
    if context.session.scalar(select(Objection.id).where(*those).limit(1)) is not None:
        return Conflict("还有异议没有答复。", code="open_objections")
    return None


def _cancel(context: Context) -> StepData:
    context.row.reason = context.form.reason
    return StepData(data={"reason": context.form.reason})


def _tell_results(context: Context, _step: Step) -> None:
    enqueue(context.session, "assessment.tell_results", assessment_id=context.row.id)


def _sum_up(context: Context, _step: Step) -> None:
    enqueue(context.session, "assessment.sum_units", assessment_id=context.row.id)


ASSESSMENTS: Workflow[Assessment] = Workflow(
    subject="assessment",
    statuses=S,
    lock=_lock,
    moves=(
        Move(name=M.OPEN, party=ASSESSOR, before=(), after=S.PREPARED, label="开始考核", audit="开始考核"),
        Move(
            name=M.SEND, party=SYSTEM, before=(S.PREPARED,), after=S.SELF, label="发出自评", audit="发出考核自评",
            effect=_send,
        ),
        Move(
            name=M.COUNT, party=ASSESSOR, before=(S.SELF,), after=S.COUNTING, label="结束自评，开始初审",
            audit="结束自评", asks="系统指标就在这时统计并定住；还没有交自评的，按没有交算。", follow_up=_count,
            done="正在统计系统指标，一会儿刷新就能初审。",
        ),
        Move(
            name=M.COUNTED, party=SYSTEM, before=(S.COUNTING,), after=S.CHECKING, label="统计完成", audit="统计考核指标"
        ),
        Move(
            name=M.DRAW, party=ASSESSOR, before=(S.CHECKING,), after=S.SPOT, label="抽签，开始抽查核分",
            audit="抽取核分单位", guard=_refuse_draw, effect=_draw, done="抽好了，请到抽中的单位核分。",
        ),
        Move(
            name=M.SUM, party=ASSESSOR, before=(S.CHECKING, S.SPOT), after=S.SUMMING, label="汇总",
            audit="汇总考核得分", guard=_refuse_sum, follow_up=_sum_up, done="正在汇总，一会儿刷新就有名次。",
        ),
        Move(
            name=M.SUMMED, party=SYSTEM, before=(S.SUMMING,), after=S.SUMMED, label="汇总完成", audit="算出考核得分",
            effect=_sum,
        ),
        Move(
            name=M.OPEN_OBJECTIONS, party=ASSESSOR, before=(S.SUMMED,), after=S.OBJECTIONS,
            label="告知各单位，开始异议期", audit="开始异议期", check=_check_until,
            effect=_open_objections, follow_up=_tell_results, done="正在告知各单位。",
        ),
        Move(
            name=M.PUBLISH, party=ASSESSOR, before=(S.OBJECTIONS,), after=S.PUBLISHED, label="公示",
            audit="公示考核结果", guard=_refuse_early, check=_check_until, effect=_publish, done="已公示。",
        ),
        Move(
            name=M.FINALISE, party=ASSESSOR, before=(S.PUBLISHED,), after=S.FINAL, label="定稿", audit="考核定稿",
            guard=_refuse_early, asks="定稿以后分数不再变。", done="已定稿。",
        ),
        Move(
            name=M.ARCHIVE, party=ASSESSOR, before=(S.FINAL,), after=S.ARCHIVED, label="归档", audit="考核归档",
            done="已归档。",
        ),
        Move(
            name=M.ASK_CANCEL, party=ASSESSOR, before=UNDER_WAY, label="申请取消这次考核", audit="申请取消考核",
            guard=CALLING_OFF.refuse_asking, effect=ask, done="已申请，要由本会另一位审核员或上级工会同意。",
        ),
        Move(
            name=M.KEEP, party=SECOND, before=UNDER_WAY, label="不取消，继续考核", audit="不同意取消考核",
            guard=CALLING_OFF.refuse_unasked, effect=keep, done="考核照常进行。",
        ),
        Move(
            name=M.CANCEL, party=SECOND, before=UNDER_WAY, after=S.CANCELLED, label="取消这次考核", audit="取消考核",
            guard=CALLING_OFF.refuse, effect=_cancel, done="已取消。",
        ),
    ),
)  # fmt: skip
