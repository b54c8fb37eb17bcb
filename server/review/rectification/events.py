"""What a rectification announces: every move but its beginning, which the acceptance announces, a recheck taken back
before anybody heard of it, and notes. A note is nobody else's business, nor is a reporter's own confirmation of what a
union has to recheck. What a union concludes is told when the minute for taking it back is over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from server.core.events import Event
from server.kit.held_back import release
from server.kit.workflow import MoveContext, Step
from server.review.rectification.models import Rectification, RectificationStep
from server.review.rectification.models import RectifyMove as Move


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationEvent(Event):
    """A move of a rectification. `union_id`: in whose name it was made; None: the reporter or the system."""

    rectification_id: UUID
    submission_id: UUID
    step_id: UUID
    union_id: UUID | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationAccepted(RectificationEvent):
    """It will."""

    name: ClassVar[str] = "rectification.accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationDisputed(RectificationEvent):
    """It says that it is no hazard, or not theirs."""

    name: ClassVar[str] = "rectification.disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationUpheld(RectificationEvent):
    """The objection was not accepted."""

    name: ClassVar[str] = "rectification.upheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationDropped(RectificationEvent):
    """The objection was accepted: nothing is to be put right."""

    name: ClassVar[str] = "rectification.dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationExtensionAsked(RectificationEvent):
    """More days are asked for."""

    name: ClassVar[str] = "rectification.extension_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationExtensionGranted(RectificationEvent):
    """They were given."""

    name: ClassVar[str] = "rectification.extension_granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationExtensionRefused(RectificationEvent):
    """They were not."""

    name: ClassVar[str] = "rectification.extension_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationSubmitted(RectificationEvent):
    """The enterprise says that it was put right."""

    name: ClassVar[str] = "rectification.submitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationSentBack(RectificationEvent):
    """It was not, says who rechecked it."""

    name: ClassVar[str] = "rectification.sent_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationClosed(RectificationEvent):
    """It was put right and rechecked."""

    name: ClassVar[str] = "rectification.closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationReopened(RectificationEvent):
    """It was not put right after all."""

    name: ClassVar[str] = "rectification.reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationVoided(RectificationEvent):
    """The decision behind it was taken back."""

    name: ClassVar[str] = "rectification.voided"


EVENTS: Mapping[Move, type[RectificationEvent]] = {
    Move.ACCEPT: RectificationAccepted,
    Move.DISPUTE: RectificationDisputed,
    Move.UPHOLD: RectificationUpheld,
    Move.DROP: RectificationDropped,
    Move.ASK_EXTENSION: RectificationExtensionAsked,
    Move.GRANT_EXTENSION: RectificationExtensionGranted,
    Move.REFUSE_EXTENSION: RectificationExtensionRefused,
    Move.SUBMIT: RectificationSubmitted,
    Move.SEND_BACK: RectificationSentBack,
    Move.CLOSE: RectificationClosed,
    Move.REOPEN: RectificationReopened,
    Move.VOID: RectificationVoided,
}


ANNOUNCE_JOB = "rectification.announce"


def announce(context: MoveContext[Rectification], step: Step) -> Iterator[Event]:
    """Tell of a move, unless it is held back; before it, of one that still was, for that can be taken back no more."""
    row, pending = context.row, context.row.pending_step_id
    if pending == step.id:
        return
    if pending is not None and release(context.session, row, pending):
        yield event_of(row, context.session.get_one(RectificationStep, pending))
    yield _event(row, Move(step.move), step.id, step.at, step.actor_id, step.said.union_id, step.said.text)


def event_of(row: Rectification, step: RectificationStep) -> RectificationEvent:
    """What subscribers hear of a step that the history has already."""
    return _event(row, step.move, step.id, step.at, step.actor_id, step.union_id, step.text)


def _event(
    row: Rectification,
    move: Move,
    step_id: UUID,
    at: datetime,
    actor_id: UUID | None,
    union_id: UUID | None,
    text: str | None,
) -> RectificationEvent:
    return EVENTS[move](
        at=at,
        actor_id=actor_id,
        rectification_id=row.id,
        submission_id=row.submission_id,
        step_id=step_id,
        union_id=union_id,
        text=text or None,
    )
