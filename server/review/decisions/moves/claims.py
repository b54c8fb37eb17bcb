"""Holding a submission while one looks at it, so that two reviewers do not decide at once."""

from datetime import timedelta

from server.core.db import settings_of
from server.core.errors import AppError, Conflict
from server.kit.workflow import Effect, StepData
from server.review.decisions.moves.parties import Context, acting_role
from server.review.decisions.moves.words import say
from server.review.submissions.models import Submission
from server.review.submissions.texts import moment_text
from server.unions.tree.rules import RANK


def claimed_by_another(context: Context) -> bool:
    """Whether somebody else's lease still runs."""
    row, me = context.row, context.actor.person_id if context.actor is not None else None
    return row.claimed_by_id not in (None, me) and row.claimed_until is not None and row.claimed_until > context.now


def may_take_over(context: Context) -> bool:
    """Whether the actor, of the union that has to answer, may take it from somebody of another union who holds it."""
    role, routed = acting_role(context), context.snapshot.routed
    answering = max((level for level, union_id in routed.items() if union_id), key=RANK.__getitem__)
    is_ours = role is not None and role.union_id == routed[answering]
    return is_ours and context.snapshot.claimed_from_elsewhere and claimed_by_another(context)


def refuse_claimed(context: Context) -> AppError | None:
    """Somebody else is at it."""
    until = context.row.claimed_until
    if until is None or not claimed_by_another(context):
        return None
    text = f"{context.snapshot.claimed_by_name or '别的审核员'}正在处理这条，预留到 {moment_text(until)}。"
    return Conflict(f"{text}这条由您的工会答复，可以接手。" if may_take_over(context) else text, code="claimed")


def refuse_claim(context: Context) -> AppError | None:
    """The same, but for whoever may take it over."""
    return None if may_take_over(context) else refuse_claimed(context)


def refuse_release(context: Context) -> AppError | None:
    """Only what one holds can be put back."""
    refusal = refuse_claimed(context)
    if refusal is None and context.row.claimed_by_id != context.actor_id:
        return Conflict("您没有在处理这条，不用放回。", code="not_claimed")
    return refusal


def claim(context: Context) -> StepData | None:
    """Hold it: for a quarter of an hour if asked for, for a few minutes at a time while a page is at it.

    Held already, it is held no shorter, and that is no news.
    """
    row, settings = context.row, settings_of(context.session)
    before, ends = row.claimed_by_id, row.claimed_until
    minutes = settings.claim_idle_minutes if context.form.quietly else settings.claim_minutes
    until = context.now + timedelta(minutes=minutes)
    is_taken_over = claimed_by_another(context)
    goes_on = before == context.actor_id and ends is not None and ends > context.now
    row.claimed_by_id = context.actor_id
    row.claimed_until = max(until, ends) if goes_on and ends is not None else until
    if goes_on:
        return None
    taken_from = {"taken_from_id": str(before)} if is_taken_over else {}
    return StepData(data={"until": until.isoformat(), **taken_from})


def release(context: Context) -> StepData:
    """Put it back for others."""
    _end_claim(context)
    return say(context)


def putting_down(effect: Effect[Submission]) -> Effect[Submission]:
    """That effect, by which the submission leaves the reviewer's hands."""

    def put_down(context: Context) -> StepData | None:
        said = effect(context)
        _end_claim(context)
        return said

    return put_down


def _end_claim(context: Context) -> None:
    context.row.claimed_by_id = context.row.claimed_until = None
