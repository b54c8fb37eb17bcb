"""States and moves of a capability, declared once; `perform` makes a move, `offers` tells which ones could be made.

Both ask the same guards, so a page never offers what must fail. A move is made in one order: lock, may they see it,
version, party, status, guard, the form, what changes, status, step and audit row, what follows, who hears of it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from sqlalchemy import Table
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import new_entry
from server.core.db import Base
from server.core.errors import AppError, Conflict, Forbidden
from server.core.events import Event, publish
from server.core.new_rows import NewRow, insert_rows_in_one_statement
from server.unions.actor import Actor

R = TypeVar("R", bound=Base)
"""The row that moves: `id` and `status`; `version` where two may look at it at once, `updated_at` where it says so."""

NOT_NOW = "现在的状态不能这样做，请刷新后再看。"
STALE = "刚刚有了新的进展，请重新查看后再处理。"


def _look_at_row_alone(_session: Session, _row: Any) -> None:
    return None


@dataclass(frozen=True)
class MoveContext(Generic[R]):
    """One move under way: on `row`, by `actor` (None: the system), with what they filled in.

    `cause_id` is who set off what the system does; `kept` goes into the step beside what the effect says, such as the
    batch in which it was made. `read_snapshot` reads what the guards ask beside the row.
    """

    session: Session
    row: R
    actor: Actor | None
    now: datetime
    form: Any = None
    cause_id: UUID | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)
    read_snapshot: Callable[[Session, R], Any] = _look_at_row_alone

    @cached_property
    def snapshot(self) -> Any:
        """What the workflow's `read_snapshot` found when a guard first asked, which is before anything changes."""
        return self.read_snapshot(self.session, self.row)

    @property
    def actor_id(self) -> UUID | None:
        """Who makes it, or set it off; None: nobody but the time."""
        return self.actor.person_id if self.actor is not None else self.cause_id


@dataclass(frozen=True, slots=True)
class StepData:
    """What a step keeps of the move: words for everybody, a note for reviewers, and plain JSON values (no names)."""

    text: str = ""
    note: str = ""
    union_id: UUID | None = None  # in whose name, if not in that of the move's party
    data: Mapping[str, Any] = field(default_factory=dict)
    is_last: bool = False  # of several that end something: the move leads to its `last` status


@dataclass(frozen=True, slots=True)
class Step:
    """A move that was made, as the history keeps it. `before` None: it began with it."""

    id: UUID
    row_id: UUID
    move: StrEnum
    before: StrEnum | None
    after: StrEnum
    actor_id: UUID | None
    at: datetime
    said: StepData


@dataclass(frozen=True, slots=True)
class Party(Generic[R]):
    """On whose behalf a move is made. `refuse` says why the actor is not of it; None if they are. `union_id` is the
    union in whose name such an actor makes it, where a history tells."""

    name: str
    refuse: Callable[[MoveContext[R]], AppError | None]
    union_id: Callable[[MoveContext[R]], UUID | None] | None = None


def _nobody(context: MoveContext[Any]) -> AppError | None:
    return None if context.actor is None else Forbidden()


SYSTEM: Party[Any] = Party("system", _nobody)
"""What follows from another move, or from the time."""


def _nothing(_context: MoveContext[Any]) -> StepData:
    return StepData()


def say_reason(context: MoveContext[Any]) -> StepData:
    """The effect of a move that changes no column, and keeps why it was made."""
    return StepData(context.form.reason)


def kept_in(
    model: type[Base], owner: str, *, text: str = "text", note: str = "", union_id: str = ""
) -> Callable[[Any, Step], NewRow]:
    """Keep each step in the history of `model`, whose column `owner` names the row that moved.

    The others name its columns for the words and, where it has them, for the note and the union in whose name. What is
    empty is NULL where that may be.
    """
    table = cast(Table, model.__table__)
    nullable = {column.name for column in table.c if column.nullable}

    def step_row(_row: Any, step: Step) -> NewRow:
        values: dict[str, Any] = {
            "id": step.id,
            owner: step.row_id,
            "move": step.move,
            "from_status": step.before,
            "to_status": step.after,
            "actor_id": step.actor_id,
            "at": step.at,
            text: step.said.text,
            "data": dict(step.said.data),
        }
        if note:
            values[note] = step.said.note
        if union_id:
            values[union_id] = step.said.union_id
        return table, {name: value or None if name in nullable else value for name, value in values.items()}

    return step_row


Judge = Callable[[MoveContext[R]], bool]
Guard = Callable[[MoveContext[R]], AppError | None]
Effect = Callable[[MoveContext[R]], StepData | None]
FollowUp = Callable[[MoveContext[R], Step], None]
Announce = Callable[[MoveContext[R], Step], Iterable[Event]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Generic[R]):
    """One edge, or several of the same kind, with its words: `label` on pages, `audit` in the log, `done` after it.

    `before` is empty for the move that begins it all; `after` None leaves the status as it is; `last` is where the last
    one of its kind leads, which the effect knows (StepData.is_last). `guard` judges the row,
    `check` what was filled in; both only look. Where `is_made` finds that the same party has made the same move
    already, making it again changes nothing. A move that `is_quiet` (a note) changes nothing that others decide on: it
    asks for no version and counts none. `effect` changes columns of the row (or deletes it), after all it has to
    read, and says what the step keeps, None if it is no news and leaves no step; the status changes after it, and only
    then the row is flushed. `follow_up` writes other rows. Then the wings above hear of it: slices below the inbox
    `announce` events, those above it `tell` people themselves. `not_now` refuses a wrong status in words of its own.
    """

    name: StrEnum
    party: Party[R]
    before: Sequence[StrEnum]
    after: StrEnum | None = None
    last: StrEnum | None = None
    label: str
    audit: str
    asks: str = ""  # by the button of the page, before what cannot be taken back
    done: str = ""
    is_made: Judge[R] | None = None
    is_quiet: bool = False
    not_now: Callable[[R], AppError] | None = None
    guard: Guard[R] | None = None
    check: Guard[R] | None = None
    effect: Effect[R] = _nothing
    follow_up: FollowUp[R] | None = None
    announce: Announce[R] | None = None
    tell: FollowUp[R] | None = None


@dataclass(frozen=True, slots=True)
class PartOf(Generic[R]):
    """Of what a row is part that the audit log keeps under the whole: the whole's id, and what the detail calls the
    row's own."""

    whole_id: Callable[[R], UUID]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow(Generic[R]):
    """All states and moves of one kind of row. `subject` is what the audit log calls it, or the whole it is part of.

    `lock` holds the row until the transaction ends and raises NotFound for what is not there or not to be seen.
    `step_row` is the row that keeps a step, for slices with a history of their own; the audit row names the step then.
    `read_snapshot` reads what guards and parties ask beside the row (MoveContext.snapshot), at most once a move, and
    only if one of them asks. `say_not_now` and `say_stale` are the words of the two refusals that every move has.
    """

    subject: str
    part_of: PartOf[R] | None = None
    statuses: type[StrEnum]
    moves: tuple[Move[R], ...]
    lock: Callable[[Session, UUID, Actor | None], R]
    prefix: str = ""  # of the audit log's actions, where it is not the subject
    step_row: Callable[[R, Step], NewRow] | None = None
    read_snapshot: Callable[[Session, R], Any] = _look_at_row_alone
    say_not_now: Callable[[R], str] = lambda _row: NOT_NOW
    say_stale: Callable[[MoveContext[R]], str] = lambda _context: STALE

    def context(
        self,
        session: Session,
        row: R,
        *,
        actor: Actor | None,
        now: datetime,
        form: Any = None,
        cause_id: UUID | None = None,
        kept: Mapping[str, Any] | None = None,
    ) -> MoveContext[R]:
        """A move on `row` as the guards see it."""
        return MoveContext(session, row, actor, now, form, cause_id, kept or {}, self.read_snapshot)

    def find(self, name: StrEnum, party: str | None = None, status: StrEnum | None = None) -> Move[R]:
        """The move of that name. Of several it is the one made on behalf of `party`, and made in `status` if any is."""
        named = [move for move in self.moves if move.name == name and party in (None, move.party.name)]
        return next((move for move in named if status in move.before), named[0])

    def action(self, name: StrEnum) -> str:
        """A move as the audit log has it."""
        return f"{self.prefix or self.subject}.{name}"

    def labels(self) -> dict[StrEnum, str]:
        """What its moves are called on pages."""
        return {move.name: move.label for move in self.moves}

    def questions(self) -> dict[StrEnum, str]:
        """What pages ask before the moves that cannot be taken back."""
        return {move.name: move.asks for move in self.moves if move.asks}

    def audit_words(self) -> dict[str, str]:
        """What its moves are called in the audit log."""
        return {self.action(move.name): move.audit for move in self.moves}


def perform(
    workflow: Workflow[R],
    session: Session,
    row_id: UUID,
    name: StrEnum,
    *,
    actor: Actor | None,
    now: datetime,
    form: Any = None,
    party: str | None = None,
) -> R:
    """Make a move, or refuse it and change nothing.

    Raises NotFound for what the actor may not see, Conflict `stale` if it changed since the page was made, Forbidden
    for what is not theirs, Conflict where the status or the time is wrong, Invalid for what was filled in.
    """
    row = workflow.lock(session, row_id, actor)
    perform_held(workflow, workflow.context(session, row, actor=actor, now=now, form=form), name, party=party)
    return row


def perform_held(workflow: Workflow[R], context: MoveContext[R], name: StrEnum, *, party: str | None = None) -> None:
    """Make a move on a row that the caller holds, such as one that follows from another move. Raises as `perform`."""
    move = workflow.find(name, party, _status(context.row))
    if move.is_made is not None and move.party.refuse(context) is None and move.is_made(context):
        return
    require_possible(workflow, move, context)
    union_id = move.party.union_id(context) if move.party.union_id is not None else None
    before = _status(context.row)
    with context.session.no_autoflush:
        said = move.effect(context)
    _apply_status(move, context, said)
    if said is None:
        context.session.flush()
    else:
        data = {**said.data, **context.kept}
        _log(workflow, move, context, before, replace(said, union_id=said.union_id or union_id, data=data))


def require_possible(workflow: Workflow[R], move: Move[R], context: MoveContext[R]) -> None:
    """Raise what making the move now would raise; change nothing."""
    refusal = _refuse_stale(workflow, move, context) or find_refusal(workflow, move, context)
    if refusal is None and move.check is not None:
        refusal = move.check(context)
    if refusal is not None:
        raise refusal


def begin(
    workflow: Workflow[R],
    session: Session,
    row: R,
    *,
    actor: Actor | None,
    now: datetime,
    said: StepData,
    cause_id: UUID | None = None,
) -> R:
    """Put a new row, in its first status, on record by the move that begins it all."""
    session.add(row)
    context = workflow.context(session, row, actor=actor, now=now, cause_id=cause_id)
    _log(workflow, _beginning(workflow), context, None, said)
    return row


def rows_of_beginning(workflow: Workflow[R], row: Any, *, actor_id: UUID | None, now: datetime) -> list[NewRow]:
    """The rows that `begin` would write, for whoever inserts many at once: `row` has the new id. Nobody is told."""
    move = _beginning(workflow)
    after = cast(StrEnum, move.after)
    return list(_rows(workflow, row, Step(ids.new_id(), row.id, move.name, None, after, actor_id, now, StepData())))


def _beginning(workflow: Workflow[R]) -> Move[R]:
    return next(move for move in workflow.moves if not move.before)


def find_refusal(workflow: Workflow[R], move: Move[R], context: MoveContext[R]) -> AppError | None:
    """Why the move cannot be made now, whatever were filled in; None if it can."""
    refusal = move.party.refuse(context)
    if refusal is not None:
        return refusal
    if _status(context.row) not in move.before:
        say = move.not_now or (lambda row: Conflict(workflow.say_not_now(row), code="not_now"))
        return say(context.row)
    return move.guard(context) if move.guard is not None else None


def offers(workflow: Workflow[R], session: Session, row: R, *, actor: Actor | None, now: datetime) -> list[Move[R]]:
    """The moves that the actor could make now, in the order of their declaration."""
    return possible_moves(workflow, workflow.context(session, row, actor=actor, now=now))


def possible_moves(workflow: Workflow[R], context: MoveContext[R]) -> list[Move[R]]:
    """As `offers`, for a page that asks for more in the same situation."""
    return [move for move in workflow.moves if move.before and find_refusal(workflow, move, context) is None]


def _refuse_stale(workflow: Workflow[R], move: Move[R], context: MoveContext[R]) -> AppError | None:
    seen = getattr(context.form, "version", None)
    if move.is_quiet or seen is None or seen == cast(Any, context.row).version:
        return None
    return Conflict(workflow.say_stale(context), code="stale")


def _apply_status(move: Move[R], context: MoveContext[R], said: StepData | None) -> None:
    row, is_last = cast(Any, context.row), said is not None and said.is_last
    row.status = (move.last if is_last else move.after) or row.status
    if hasattr(row, "version") and not move.is_quiet:
        row.version += 1
    if hasattr(row, "updated_at"):
        row.updated_at = context.now


def _log(workflow: Workflow[R], move: Move[R], context: MoveContext[R], before: StrEnum | None, said: StepData) -> None:
    """Flush the row, keep the step and its audit row, let the rest follow, then tell."""
    context.session.flush()
    row = cast(Any, context.row)
    step = Step(ids.new_id(), row.id, move.name, before, row.status, context.actor_id, context.now, said)
    insert_rows_in_one_statement(context.session, list(_rows(workflow, row, step)))
    if move.follow_up is not None:
        move.follow_up(context, step)
    for event in move.announce(context, step) if move.announce is not None else ():
        publish(context.session, event)
    if move.tell is not None:
        move.tell(context, step)


def _rows(workflow: Workflow[R], row: R, step: Step) -> Iterator[NewRow]:
    if workflow.step_row is not None:
        yield workflow.step_row(row, step)
    part_of = workflow.part_of
    part = {part_of.key: str(step.row_id)} if part_of is not None else {}
    kept = {"step": str(step.id)} if workflow.step_row is not None else {}
    yield new_entry(
        workflow.action(step.move),
        subject_type=workflow.subject,
        subject_id=part_of.whole_id(row) if part_of is not None else step.row_id,
        actor_id=step.actor_id,
        at=step.at,
        detail={**part, "from": step.before, "to": step.after, **kept, **step.said.data},
    )


def _status(row: Base) -> StrEnum:
    return cast(StrEnum, cast(Any, row).status)
