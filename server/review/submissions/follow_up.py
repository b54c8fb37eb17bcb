"""What comes of a submission after it was accepted, asked of the slices that carry it on without knowing them.

Rectification tells how a hazard is put right, suggestions how a proposal is carried out; both lie above this slice.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from server.review.submissions.models import Kind
from server.review.submissions.schemas import Step, TimelineEntry


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How an accepted submission goes on, as its reporter sees it.

    `status_text` takes the place of 已受理 (整改中, 已销号 …); `progress_steps` come after that of the decision;
    `timeline` is merged into the submission's own by time. `needs_answer`: the reporter is asked to do something.
    """

    status_text: str
    progress_steps: tuple[Step, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    needs_answer: bool = False
    href: str | None = None  # its page at the console


SequelReader = Callable[[Session, Collection[UUID]], Mapping[UUID, FollowUp]]
"""Given ids of accepted submissions, the follow-ups of those that have one; a constant number of statements."""

_readers: dict[Kind, SequelReader] = {}


def register_follow_up(kind: Kind, reader: SequelReader) -> None:
    """Let `reader` tell how accepted submissions of `kind` go on. The last one registered counts."""
    _readers[kind] = reader


def read_follow_ups(session: Session, submission_ids: Mapping[Kind, Collection[UUID]]) -> dict[UUID, FollowUp]:
    """The follow-ups of accepted submissions, asked once per kind."""
    found: dict[UUID, FollowUp] = {}
    for kind, wanted in submission_ids.items():
        if wanted and kind in _readers:
            found.update(_readers[kind](session, wanted))
    return found
