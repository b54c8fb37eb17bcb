"""Which moves a batch allows in which state, and who makes them. What they change stands in a file of its own each."""

from dataclasses import replace

from server.core.errors import AppError, Forbidden, NotFound
from server.kit.workflow import (
    SYSTEM,
    Move,
    Party,
    Step,
    Workflow,
    kept_in,
    perform_held,
    say_reason,
)
from server.oversight.awards.batches import candidates, scoring
from server.oversight.awards.batches.entries import Context, OnEntry, lock_batch, nominating_union, owns
from server.oversight.awards.models import (
    AwardBatch,
    AwardEntry,
    AwardJuror,
    AwardStep,
    BatchMove,
    BatchStatus,
    EntryStatus,
)
from server.oversight.awards.payments import paying as payments
from server.oversight.awards.publication import listing as publication
from server.oversight.awards.publication import objections, photo_checks
from server.oversight.awards.schemas import ReasonIn

S, M = BatchStatus, BatchMove
BEFORE_PUBLISHED = (S.COMPUTED, S.SCORING)


def _refuse_stranger(context: Context) -> AppError | None:
    return None if context.actor is not None and owns(context.actor, context.row.union_id) else Forbidden()


def _refuse_outsider(context: Context) -> AppError | None:
    actor = context.actor
    is_within = actor is not None and nominating_union(context.session, context.row, actor) is not None
    return None if is_within else Forbidden()


def _refuse_non_juror(context: Context) -> AppError | None:
    is_juror = context.session.get(AwardJuror, (context.row.id, context.actor_id)) is not None
    return None if is_juror else Forbidden()


def _refuse_non_worker(context: Context) -> AppError | None:
    """Workers know of no list before it is published."""
    if context.actor is None or not context.actor.is_worker:
        return Forbidden()
    return None if context.row.published_at is not None else NotFound()


OWNER = Party("owner", _refuse_stranger)
"""A reviewer of the union whose batch it is."""
NOMINATOR = Party("nominator", _refuse_outsider)
"""A reviewer within its subtree."""
JUROR = Party("juror", _refuse_non_juror)
WORKER = Party("worker", _refuse_non_worker)


def _remove_if_upheld(context: Context, _step: Step) -> None:
    objection = objections.objection_of(context)
    entry = context.session.get(AwardEntry, objection.entry_id) if objection.entry_id else None
    if context.form.form.uphold and entry is not None and entry.status is EntryStatus.LISTED:
        removal = OnEntry(entry.id, ReasonIn(reason="异议成立"))
        perform_held(BATCHES, replace(context, form=removal), M.REMOVE, party=OWNER.name)


def _move_up_the_next(context: Context, _step: Step) -> None:
    place = publication.find_next(context)
    if place is not None:
        by_system = BATCHES.context(context.session, context.row, actor=None, now=context.now, form=place)
        perform_held(BATCHES, by_system, M.MOVE_UP)


_REMOVAL = Move(
    name=M.REMOVE, party=OWNER, before=(S.PUBLISHED,), label="移出名单", audit="从公示名单去掉",
    asks="移出后由候补递补，不能再放回。确定移出吗？",
    done="已移出名单，候补已依次递补。", check=publication.refuse_unlisted, effect=publication.remove,
    follow_up=_move_up_the_next,
)  # fmt: skip

BATCHES: Workflow[AwardBatch] = Workflow(
    subject="award_batch",
    prefix="award",
    statuses=BatchStatus,
    lock=lock_batch,
    step_row=kept_in(AwardStep, "batch_id"),
    say_not_now=lambda _row: "这一批现在的状态不能这样做，请刷新后再看。",
    moves=(
        Move(name=M.CREATE, party=OWNER, before=(), after=S.DRAFT, label="建立", audit="建立评奖批次"),
        Move(
            name=M.NOMINATE, party=NOMINATOR, before=(S.DRAFT,), label="推荐", audit="推荐", done="已推荐。",
            guard=candidates.refuse_nominating, effect=candidates.nominate,
        ),
        Move(
            name=M.COMPUTE, party=OWNER, before=(S.DRAFT, S.COMPUTED), after=S.COMPUTED, label="计算", audit="计算名单",
            done="已按现在的数据计算。", effect=candidates.compute,
        ),
        Move(
            name=M.STRIKE, party=OWNER, before=BEFORE_PUBLISHED, label="排除", audit="剔除候选", done="已移出候选。",
            check=candidates.refuse_excluded, effect=candidates.strike,
        ),
        Move(
            name=M.OPEN_SCORING, party=OWNER, before=(S.COMPUTED,), after=S.SCORING, label="请评委评分",
            audit="开始评分", done="可以请评委评分了。",
        ),
        Move(
            name=M.ADD_JUROR, party=OWNER, before=(S.SCORING,), label="加入评委", audit="加评委", done="已加入评委。",
            effect=scoring.add_juror,
        ),
        Move(
            name=M.SCORE, party=JUROR, before=(S.SCORING,), label="评分", audit="评分", done="已评分。",
            check=scoring.refuse_scoring, effect=scoring.give_score,
        ),
        Move(
            name=M.PUBLISH, party=OWNER, before=BEFORE_PUBLISHED, after=S.PUBLISHED, label="公示", audit="公示名单",
            asks="公示后任何人都能看到名单（姓名简写），名单里的隐患不能再用于别的评奖。",
            done="已公示。", guard=photo_checks.refuse_unseen_photos,
            effect=publication.publish_list, tell=publication.tell_listed,
        ),
        Move(
            name=M.OBJECT, party=WORKER, before=(S.PUBLISHED,), label="提异议", audit="提出异议",
            is_made=objections.was_objected, guard=objections.refuse_late_objecting,
            check=objections.check_objection, effect=objections.make_objection, tell=objections.tell_made,
        ),
        Move(
            name=M.ANSWER, party=OWNER, before=(S.PUBLISHED,), label="答复异议", audit="答复异议", done="已答复。",
            check=objections.check_answering, effect=objections.answer, follow_up=_remove_if_upheld,
            tell=objections.tell_answered,
        ),
        _REMOVAL,
        replace(_REMOVAL, party=SYSTEM),  # its hazard is open again
        Move(
            name=M.MOVE_UP, party=SYSTEM, before=(S.PUBLISHED,), label="递补", audit="递补",
            effect=publication.move_up, tell=publication.tell_moved_up,
        ),
        Move(
            name=M.FINALISE, party=OWNER, before=(S.PUBLISHED,), after=S.FINAL, label="确定名单",
            audit="公示结束，定名单",
            asks="名单确定后不能再改，接着发放奖金，获奖的人会收到消息。确定吗？",
            done="名单已确定。", guard=publication.refuse_finalising,
            effect=publication.finalise, tell=publication.tell_final,
        ),
        Move(
            name=M.PAY, party=OWNER, before=(S.FINAL,), last=S.PAID, label="登记发放", audit="登记发放",
            asks="登记后本人会收到消息，不能撤销。金额和凭证号都核对过了吗？",
            done="已登记发放。", is_made=payments.was_paid, check=payments.check_payment, effect=payments.pay,
            tell=payments.tell_paid,
        ),
        Move(
            name=M.RECEIVE, party=WORKER, before=(S.FINAL, S.PAID), label="确认收到", audit="确认收到",
            is_made=payments.was_received, check=payments.check_receipt, effect=payments.receive,
        ),
        Move(
            name=M.CANCEL, party=OWNER, before=(S.DRAFT, *BEFORE_PUBLISHED), after=S.CANCELLED, label="取消这一批",
            audit="取消批次",
            asks="取消后这一批不能恢复。确定取消吗？",
            done="已取消这一批。", effect=say_reason,
        ),
    ),
)  # fmt: skip
