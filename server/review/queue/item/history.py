"""What happened to a submission, as the viewer of the review page may know it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.kit.scope import union_names
from server.review.queue.item.schemas import HistoryEntry
from server.review.queue.listing import person_names
from server.review.submissions.anonymity.identity import may_see_reporter, may_see_traces, shown_moment
from server.review.submissions.models import Move, Submission, SubmissionStep
from server.review.submissions.texts import HIDDEN_FROM_REPORTER, move_title
from server.unions.actor import Actor
from server.unions.campaigns.queries import CampaignFacts

BY_THE_REPORTER = frozenset({Move.CREATE, Move.SUBMIT, Move.ANSWER, Move.WITHDRAW})
"""Their times are the reporter's doing: the last photo comes when the phone has sent it."""


def list_history(session: Session, submission: Submission, campaign: CampaignFacts, actor: Actor) -> list[HistoryEntry]:
    """The steps in order. Why the city opened a name is not told to those who may not see it themselves."""
    steps = session.scalars(
        select(SubmissionStep).where(SubmissionStep.submission_id == submission.id).order_by(SubmissionStep.id)
    ).all()
    people = person_names(session, {step.actor_id for step in steps} - {submission.reporter_id})
    routes = {UUID(step.data["to_union_id"]) for step in steps if step.data and "to_union_id" in step.data}
    unions = union_names(session, {step.union_id for step in steps} | routes)
    return [
        _entry(step, submission, campaign, actor, people, unions)
        for step in steps
        if step.move is not Move.DISCLOSE or _may_read_why(actor, submission)
    ]


def _may_read_why(actor: Actor, submission: Submission) -> bool:
    return may_see_reporter(actor, submission) and may_see_traces(actor, submission)


def _entry(
    step: SubmissionStep,
    submission: Submission,
    campaign: CampaignFacts,
    actor: Actor,
    people: Mapping[UUID, str | None],
    unions: Mapping[UUID, tuple[str, str]],
) -> HistoryEntry:
    is_reporters = step.move in BY_THE_REPORTER
    by = people.get(step.actor_id) if step.actor_id is not None else None
    return HistoryEntry(
        at=shown_moment(actor, submission, step.at) if is_reporters else step.at,
        move=step.move,
        title=move_title(submission.kind, step.move),
        by="报告人" if step.actor_id == submission.reporter_id else by,
        union_name=unions[step.union_id][0] if step.union_id is not None and step.union_id in unions else None,
        public_text=step.public_text,
        internal_note=step.internal_note,
        detail=_detail(step.data or {}, campaign, unions),
        is_internal=step.move in HIDDEN_FROM_REPORTER,
        day_only=is_reporters and not may_see_traces(actor, submission),
    )


def _detail(data: Mapping[str, Any], campaign: CampaignFacts, unions: Mapping[UUID, tuple[str, str]]) -> str | None:
    if "to_union_id" in data:
        return f"转给{unions[UUID(data['to_union_id'])][0]}"
    if data.get("undo") is not None:
        return "撤销了刚才的处理" if data["undo"] else None
    if "grade" not in data:
        return None
    advice = [f"定为{campaign.grades.get(data['grade'], data['grade'])}"]
    advice += [f"措施：{data['measures']}"] if "measures" in data else []
    advice += [f"责任人：{data['responsible']}"] if "responsible" in data else []
    advice += [f"{data['rectify_days']} 个工作日内整改"] if "rectify_days" in data else []
    return "，".join(advice)
