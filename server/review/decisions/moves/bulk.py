"""Deciding many submissions at once: each on its own, in the order of their ids, so that two batches never deadlock."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import AppError, Conflict, NotFound
from server.core.web.errors import invalid_from
from server.review.decisions.actions import make_move
from server.review.decisions.schemas import form_of
from server.review.submissions.models import Kind, Move, Submission
from server.review.submissions.schemas import MoveIn
from server.unions.actor import Actor, in_scope
from server.unions.roles import REVIEWERS

BULK_MOVES = (
    Move.ACCEPT, Move.ACCEPT_IN_PART, Move.RETURN, Move.DECLINE, Move.MARK_DUPLICATE, Move.PASS_UP, Move.PASS_DOWN,
)  # fmt: skip
NOT_FOR_THIS_KIND = "这类内容不能这样处理。"
NOT_GRADED = "这类内容不分等级，请打开它单独处理，或按种类筛选后再批量处理。"
"""Said instead of accepting it: who presses the key of a grade does not mean to adopt a suggestion."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one submission: its version afterwards, or why nothing was done."""

    submission_id: UUID
    version: int | None
    refusal: str | None = None


def decide_together(
    session: Session,
    chosen: Mapping[UUID, int],
    move: Move,
    values: Mapping[str, str],
    *,
    batch_id: UUID,
    actor: Actor,
    now: datetime,
) -> list[Outcome]:
    """Make `move` on each of `chosen` (id to the version on the page), each with its own step, audit row and event.

    Those that the rules refuse are told with the reason and keep nothing; the others go through. Raises Invalid when
    the form itself is wrong: then nothing is done at all.
    """
    kinds = _lock_all(session, chosen, values.get("target_id"), actor)
    refused = {kind: refuse_kind(move, kind, values) for kind in set(kinds.values())}
    forms = {kind: parse_form(move, kind, {**values, "version": "1"}) for kind, why in refused.items() if why is None}
    outcomes = []
    for submission_id in sorted(chosen):
        kind = kinds.get(submission_id)
        if kind is None:
            outcomes.append(Outcome(submission_id, None, NotFound().message))
        elif (why := refused[kind]) is not None:
            outcomes.append(Outcome(submission_id, None, why))
        else:
            sent = forms[kind].model_copy(update={"version": chosen[submission_id]})
            outcomes.append(make_one(session, submission_id, move, sent, batch_id=batch_id, actor=actor, now=now))
    return outcomes


def refuse_kind(move: Move, kind: Kind, values: Mapping[str, str]) -> str | None:
    """Why submissions of a kind are left out of a batch; None if they are not."""
    form = form_of(move, kind)
    if form is None:
        return NOT_FOR_THIS_KIND
    return NOT_GRADED if values.get("grade") and "grade" not in form.model_fields else None


def make_one(
    session: Session, submission_id: UUID, move: Move, form: MoveIn, *, batch_id: UUID, actor: Actor, now: datetime
) -> Outcome:
    """One move of a batch, behind a savepoint: refused, it leaves nothing and the others stand."""
    try:
        with session.begin_nested():
            made = make_move(session, submission_id, move, form, actor=actor, now=now, batch_id=batch_id)
            return Outcome(submission_id, made.version)
    except AppError as error:
        return Outcome(submission_id, None, next(iter(error.fields.values()), error.message))


def parse_form(move: Move, kind: Kind, values: Mapping[str, str]) -> MoveIn:
    """The form of a move on a submission of that kind; fields meant for the other kind are left out.

    Raises Invalid, or Conflict where there is no such move.
    """
    form = form_of(move, kind)
    if form is None:
        raise Conflict(NOT_FOR_THIS_KIND, code="not_now")
    try:
        return form.model_validate({key: value for key, value in values.items() if key in form.model_fields})
    except ValidationError as error:
        invalid = invalid_from(error)
        invalid.message = next(iter(invalid.fields.values()), "还有没填好的地方，请检查。")
        raise invalid from error


def lock_in_order(session: Session, submission_ids: Collection[UUID]) -> Sequence[tuple[UUID, Kind]]:
    """Lock rows in the order of their ids, whoever they belong to. Returns id and kind of those that exist."""
    statement = (
        select(Submission.id, Submission.kind)
        .where(Submission.id.in_(submission_ids))
        .order_by(Submission.id)
        .with_for_update()
    )
    return [(row.id, row.kind) for row in session.execute(statement)]


def _lock_all(session: Session, chosen: Collection[UUID], target: str | None, actor: Actor) -> dict[UUID, Kind]:
    """The kinds of those within the actor's scope. The target of duplicates is locked along, in its place."""
    visible = set(
        session.scalars(select(Submission.id).where(Submission.id.in_(chosen), in_scope(actor, Submission, REVIEWERS)))
    )
    wanted = set(visible)
    if target:
        with suppress(ValueError):  # the form refuses it
            wanted.add(UUID(target.strip()))
    return {each: kind for each, kind in lock_in_order(session, wanted) if each in visible}
