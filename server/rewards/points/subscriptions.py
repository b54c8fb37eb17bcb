"""Points follow what review decides: in the same transaction, and taken back when the decision is."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.events import subscribe
from server.review.rectification.events import RectificationClosed, RectificationReopened, RectificationVoided
from server.review.submissions.events import SubmissionAccepted, SubmissionReopened
from server.review.submissions.models import Submission
from server.review.submissions.ports import CONSEQUENCES
from server.rewards.points.actions import copy_rules, credit_points, find_points, list_rules, take_back
from server.rewards.points.messages import in_one_sentence
from server.rewards.points.ports import is_unearned
from server.rewards.points.rules import code_of_acceptance
from server.unions.actor import Actor
from server.unions.campaigns.ports import PARTS, CampaignPart, Copying


def on_accepted(session: Session, event: SubmissionAccepted) -> None:
    """A hazard was graded, or a suggestion adopted: the message of that tells of the points, too."""
    submission = session.get_one(Submission, event.submission_id)
    if is_unearned(session, submission.id):
        return
    code = code_of_acceptance(submission.grade, event.in_part)
    source = f"submission.accepted:{submission.id}"
    credit_points(session, code, source, submission, actor_id=event.actor_id, now=event.at, is_told=True)


def say_credit(session: Session, submission: Submission, event: SubmissionAccepted) -> str:
    """Of an acceptance: the points that it earns. What was taken back with an earlier one is earned again."""
    if is_unearned(session, submission.id):
        return ""
    code = code_of_acceptance(submission.grade, event.in_part)
    return in_one_sentence(find_points(session, submission.campaign_id, code))


def on_undone(session: Session, event: SubmissionReopened) -> None:
    """The decision was taken back, and with it everything that it earned."""
    take_back(session, event.submission_id, "", "审核决定已撤销", actor_id=event.actor_id, now=event.at)


def on_closed(session: Session, event: RectificationClosed) -> None:
    """Put right and rechecked."""
    submission = session.get_one(Submission, event.submission_id)
    if is_unearned(session, submission.id):
        return
    source = f"hazard.closed:{submission.id}"
    credit_points(session, "closed", source, submission, actor_id=event.actor_id, now=event.at)


def on_not_closed(session: Session, event: RectificationReopened | RectificationVoided) -> None:
    """Open again, or void."""
    take_back(
        session, event.submission_id, "hazard.closed:", "销号已撤销", actor_id=event.actor_id, now=event.at
    )  # fmt: skip


def _describe(session: Session, campaign_id: UUID, _actor: Actor) -> str:
    """What a copy of a campaign takes along; empty where it goes by the standard."""
    changed = len(list_rules(session, campaign_id))
    return f"改过的 {changed} 项" if changed else ""


def _copy(session: Session, copying: Copying) -> None:
    copy_rules(session, copying.source.id, copying.target.id, actor=copying.actor, now=copying.now)


RULES = CampaignPart(name="points", title="积分标准", describe=_describe, copy=_copy)


def subscribe_events() -> None:
    """Listen to review; say with its decisions what they earn; go along into a copy of a campaign."""
    PARTS.plug(RULES)
    CONSEQUENCES.plug(say_credit)
    subscribe(SubmissionAccepted, on_accepted)
    subscribe(SubmissionReopened, on_undone)
    subscribe(RectificationClosed, on_closed)
    subscribe(RectificationReopened, on_not_closed)
    subscribe(RectificationVoided, on_not_closed)
