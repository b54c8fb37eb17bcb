"""What a rectification announces: every move but its beginning, which the acceptance announces, and notes. A note is
nobody else's business, nor is a reporter's own confirmation of what a union has to recheck."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event
from server.kit.workflow import MoveContext, Step
from server.review.rectification.models import Rectification
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


def announce(context: MoveContext[Rectification], step: Step) -> Iterator[Event]:
    """The event of a move."""
    yield EVENTS[Move(step.move)](
        at=step.at,
        actor_id=step.actor_id,
        rectification_id=context.row.id,
        submission_id=context.row.submission_id,
        step_id=step.id,
        union_id=step.said.union_id,
        text=step.said.text or None,
    )
