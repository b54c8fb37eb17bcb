"""What comes of a submission after it was accepted, in the same shape whatever its kind.

Rectification tells how a hazard is put right, suggestions how a proposal is carried out; `kinds.read_follow_ups` asks.
"""

from dataclasses import dataclass

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
    is_done: bool = False  # 已销号, 已见效: what green stands for
    href: str | None = None  # its page at the console
