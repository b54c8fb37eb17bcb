"""States and moves of a visit: planned, recorded, sent; or called off."""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.clock import day_of, in_shanghai
from server.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from server.core.jobs.actions import enqueue
from server.core.periods import refuse_period
from server.kit.documents.actions import issue_document, next_number
from server.kit.documents.texts import number_text
from server.kit.workflow import Move, MoveContext, Party, Step, StepData, Workflow, say_reason
from server.notifications.inbox.actions import deliver_all
from server.oversight.visits import messages
from server.oversight.visits.models import (
    Side,
    Visit,
    VisitDraft,
    VisitFinding,
    VisitMember,
    VisitSignature,
    VisitStatus,
    VisitTalk,
)
from server.oversight.visits.papers import opinion, record_sheet
from server.oversight.visits.permissions import MAY_LEAD
from server.oversight.visits.ports import AGAINST_CANCELLING
from server.oversight.visits.queries import get_visit, leading_role, list_findings, list_signatures
from server.oversight.visits.schemas import MemberIn, RecordIn, words_sent
from server.oversight.visits.texts import SAY_INSTEAD, find_orders
from server.unions.actor import Actor

Context = MoveContext[Visit]
S = VisitStatus
REPORT_JOB = "visits.report_findings"


class VisitMove(StrEnum):
    """What can be done to a visit."""

    OPEN = "open"
    EDIT = "edit"
    RECORD = "record"
    SEND = "send"
    CANCEL = "cancel"


M = VisitMove


def lock_visit(session: Session, visit_id: UUID, actor: Actor | None) -> Visit:
    """The visit, held until the transaction ends. Raises NotFound."""
    if actor is None:
        raise NotFound
    return get_visit(session, visit_id, actor, lock=True)


def read_team(session: Session, visit: Visit) -> frozenset[UUID]:
    """The people of the team: what the guards ask beside the row."""
    those = select(VisitMember.person_id).where(VisitMember.visit_id == visit.id, VisitMember.person_id.is_not(None))
    return frozenset(each for each in session.scalars(those) if each is not None)


# --- who --------------------------------------------------------------------------------------------------------------


def _leads(context: Context) -> bool:
    return context.actor is not None and leading_role(context.actor, context.row) is not None


def _refuse_others(context: Context) -> AppError | None:
    return None if _leads(context) else Forbidden("由组织这次督导的工会处理。", code="not_the_organizer")


def _refuse_outsiders(context: Context) -> AppError | None:
    actor = context.actor
    is_member = (
        actor is not None
        and any(each.role in MAY_LEAD for each in actor.roles)
        and bool(actor.own_ids & context.snapshot)
    )
    return None if is_member or _leads(context) else Forbidden("由督导组的人记录。", code="not_of_the_team")


def _organizer(context: Context) -> UUID | None:
    return context.row.organizer_id


ORGANIZER = Party("organizer", _refuse_others, _organizer)
"""A reviewer of the union that leads it."""
RECORDER = Party("recorder", _refuse_outsiders, _organizer)
"""Somebody of the team, or of the union that leads it."""


# --- planning ---------------------------------------------------------------------------------------------------------


def _edit(context: Context) -> StepData:
    for name in ("mode", "occasion", "planned_from", "planned_to", "basis", "team_name", "form_version_id"):
        setattr(context.row, name, getattr(context.form, name))
    return StepData()


def _check_days(context: Context) -> AppError | None:
    words = refuse_period(context.form.planned_from, context.form.planned_to)
    return Invalid(fields={"planned_to": words}) if words is not None else None


def write_team(session: Session, visit_id: UUID, team: Sequence[MemberIn]) -> None:
    """The team of a visit, in place of the one before."""
    session.execute(delete(VisitMember).where(VisitMember.visit_id == visit_id))
    session.add_all(
        VisitMember(id=ids.new_id(), visit_id=visit_id, position=position, **each.model_dump())
        for position, each in enumerate(team)
    )
    session.flush()


def _write_team(context: Context, _step: Step) -> None:
    write_team(context.session, context.row.id, context.form.team)


# --- the record -------------------------------------------------------------------------------------------------------


def _is_recorded(context: Context) -> bool:
    form: RecordIn = context.form
    return context.row.record_key == form.key and context.row.record_hash == form.content_hash()


def _check_record(context: Context) -> AppError | None:
    form: RecordIn = context.form
    if context.row.record_key == form.key:
        return Conflict("这份记录已经用别的内容提交过了，请刷新后再看。", code="content_differs")
    draft = context.session.get(VisitDraft, context.row.id)
    if draft is not None and form.draft_version not in (None, draft.version):
        return Conflict("同事刚刚也填了，打开看看，两边合到一起再提交。", code="stale")
    if form.visited_on > day_of(context.now):
        return Invalid(fields={"visited_on": "不能晚于今天"})
    return _refuse_orders(words_sent(form))


def _refuse_orders(words: Sequence[str]) -> AppError | None:
    orders = find_orders(words)
    if not orders:
        return None
    return Invalid(f"“{'、'.join(orders)}”不能写进督导意见。{SAY_INSTEAD}", code="not_a_unions_word")


def _keep_record(context: Context) -> StepData:
    """`answers` were checked by the form before: what is kept is what the form takes."""
    visit, form = context.row, context.form
    for name in ("visited_on", "answers", "skipped", "situation", "activities"):
        setattr(visit, name, getattr(form, name))
    visit.record_key, visit.record_hash = form.key, form.content_hash()
    visit.recorded_by_id, visit.recorded_at = context.actor_id, context.now
    return StepData(data={"finding_count": len(form.findings)})


def _write_parts(context: Context, _step: Step) -> None:
    """Talks, findings and signatures, in place of those before; the draft is over."""
    session, visit_id, form = context.session, context.row.id, context.form
    for model in (VisitTalk, VisitFinding, VisitSignature, VisitDraft):
        session.execute(delete(model).where(model.visit_id == visit_id))
    session.add_all(
        VisitTalk(id=ids.new_id(), visit_id=visit_id, position=position, **each.model_dump())
        for position, each in enumerate(form.talks)
    )
    session.add_all(
        VisitFinding(visit_id=visit_id, number=number, **each.model_dump(exclude={"photos"}))
        for number, each in enumerate(form.findings, 1)
    )
    session.add_all(VisitSignature(id=ids.new_id(), visit_id=visit_id, **each.model_dump()) for each in form.signatures)
    session.flush()


# --- the opinion ------------------------------------------------------------------------------------------------------


def _refuse_unsigned(context: Context) -> AppError | None:
    signed = list_signatures(context.session, context.row.id)
    if len(signed) == len(Side):
        return None
    return Conflict("双方还没有签字。企业不签的，写明原因和见证人。", code="not_signed")


def _check_findings(context: Context) -> AppError | None:
    """Once more: what was recorded before the rule knew a word. And no day that has passed is proposed."""
    found = list_findings(context.session, context.row.id)
    late = [str(each.number) for each in found if each.due_on < day_of(context.now)]
    if late:
        which = "、".join(late)
        return Conflict(
            f"第 {which} 条的整改期限已经过了，企业来不及做。请先改记录，写以后的日子，再发意见书。", code="due_passed"
        )
    words = [context.row.situation]
    for each in found:
        words += [each.description, each.suggestion, each.measures, each.emergency_plan]
    return _refuse_orders(words)


def _refuse_cancelling(context: Context) -> AppError | None:
    answers = (says(context.session, context.row) for says in AGAINST_CANCELLING.answers)
    return next((each for each in answers if each is not None), None)


def _report(context: Context, _step: Step) -> None:
    enqueue(context.session, REPORT_JOB, visit_id=context.row.id)


def _send(context: Context) -> StepData:
    """Its number and the day for the answer are given here; the papers say what is kept now, and never change."""
    session, visit, form, now = context.session, context.row, context.form, context.now
    reply_on = day_of(now) + timedelta(days=form.reply_days)
    papers = (
        (opinion.OPINION, opinion.words_of(session, visit, reply_on), ""),
        (record_sheet.RECORD_SHEET, record_sheet.words_of(session, visit, second_page=form.second_page), "附表"),
    )
    year = in_shanghai(now).year
    running = next_number(session, "visit.opinion", issuer_id=visit.organizer_id, year=year)
    number = number_text(form.mark, "督", year, running)
    for kind, words, behind in papers:
        issue_document(
            session, kind, owner_id=visit.id, issuer_id=visit.organizer_id, number=f"{number}{behind}", words=words,
            actor=context.actor, now=now,
        )  # fmt: skip
    visit.number, visit.sent_at, visit.sent_by_id, visit.reply_on = number, now, context.actor_id, reply_on
    return StepData(data={"number": number})


def _tell_sent(context: Context, step: Step) -> None:
    deliver_all(context.session, messages.sent(context.session, context.row, step.actor_id), now=step.at)


def _tell_planned(context: Context, step: Step) -> None:
    """Whoever is of the team now: days, enterprise or team have changed."""
    deliver_all(context.session, messages.planned(context.session, context.row, step.actor_id), now=step.at)


WORKFLOW: Workflow[Visit] = Workflow(
    subject="visit",
    statuses=VisitStatus,
    lock=lock_visit,
    read_snapshot=read_team,
    say_not_now=lambda _visit: "这次督导的状态已经变了，请刷新后再看。",
    moves=(
        Move(name=M.OPEN, party=ORGANIZER, before=(), after=S.PLANNED, label="安排督导", audit="安排督导"),
        Move(
            name=M.EDIT, party=ORGANIZER, before=(S.PLANNED,), label="保存安排", audit="修改督导安排",
            done="安排已保存。", check=_check_days, effect=_edit, follow_up=_write_team, tell=_tell_planned,
        ),
        Move(
            name=M.RECORD, party=RECORDER, before=(S.PLANNED, S.RECORDED), after=S.RECORDED, label="提交记录",
            audit="提交督导记录", done="记录已提交。", is_made=_is_recorded, check=_check_record, effect=_keep_record,
            follow_up=_write_parts,
        ),
        Move(
            name=M.SEND, party=ORGANIZER, before=(S.RECORDED,), after=S.SENT, label="发出意见书",
            audit="发出督导意见书", asks="发出后不能再改，问题都转成整改。确定发出吗？", done="意见书已发出。",
            guard=_refuse_unsigned, check=_check_findings, effect=_send, follow_up=_report,
            tell=_tell_sent,
        ),
        Move(
            name=M.CANCEL, party=ORGANIZER, before=(S.PLANNED,), after=S.CANCELLED, label="取消督导",
            audit="取消督导", done="已取消。", check=_refuse_cancelling, effect=say_reason,
        ),
    ),
)  # fmt: skip
