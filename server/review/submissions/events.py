"""What a submission announces: its moves, but claims and notes, which are housekeeping.

A decision can be taken back by one key. Until that minute is over only review hears of it (`SubmissionDecided`); what
goes out to reporter, enterprise and points hears of it by a job then, and of a decision taken back before that never.
"""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from server.core.events import Event
from server.review.submissions.models import Move


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionEvent(Event):
    """A step of a submission; `text` are the words said to the reporter."""

    submission_id: UUID
    step_id: UUID
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionArrived(SubmissionEvent):
    """All its photos are here: it is in the queue."""

    name: ClassVar[str] = "submission.arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReturned(SubmissionEvent):
    """Its reporter is asked something."""

    name: ClassVar[str] = "submission.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionAnswered(SubmissionEvent):
    """Its reporter answered."""

    name: ClassVar[str] = "submission.answered"

    answer_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionAccepted(SubmissionEvent):
    """A hazard was graded, or a suggestion adopted. What the reviewer did not fill in is None."""

    name: ClassVar[str] = "submission.accepted"

    in_part: bool = False
    grade: int | None = None
    measures: str | None = None
    responsible: str | None = None
    rectify_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionDeclined(SubmissionEvent):
    """It was not accepted."""

    name: ClassVar[str] = "submission.declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionMarkedDuplicate(SubmissionEvent):
    """It was merged into another."""

    name: ClassVar[str] = "submission.marked_duplicate"

    target_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionPassed(SubmissionEvent):
    """Another union reviews it."""

    name: ClassVar[str] = "submission.passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionReopened(SubmissionEvent):
    """The decision was taken back. `is_quiet`: before others than review had heard of it."""

    name: ClassVar[str] = "submission.reopened"

    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionWithdrawn(SubmissionEvent):
    """Its reporter took it back."""

    name: ClassVar[str] = "submission.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionDisclosed(SubmissionEvent):
    """The city looked at the name of its anonymous reporter."""

    name: ClassVar[str] = "submission.disclosed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRequeued(SubmissionEvent):
    """It is in the queue again: what it was merged into has ended, or nobody is there to answer (`reporter_gone`)."""

    name: ClassVar[str] = "submission.requeued"

    reporter_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRelinked(SubmissionEvent):
    """It was merged into another, as what it was merged into has ended."""

    name: ClassVar[str] = "submission.relinked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionDecided(Event):
    """Review hears of a decision at once; everybody else when the minute in which it is taken back is over."""

    name: ClassVar[str] = "submission.decided"

    submission_id: UUID
    move: Move
