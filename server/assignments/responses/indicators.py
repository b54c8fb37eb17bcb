"""What schemes of assessment may count of tasks: whether they were done in time. That something was read or signed for
is none of it."""

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment, AssignmentStatus, Recipient, RecipientStatus
from server.kit.indicators import Asked, Counted, Indicator, Measure, OutcomeSource, share

ENDED = (AssignmentStatus.DRAFT, AssignmentStatus.WITHDRAWN, AssignmentStatus.REPLACED)


def count_in_time(session: Session, asked: Asked, *, kind: str = "", is_in_time: bool) -> Counted:
    """Of what fell due in these days, what came; of one kind or of all. `is_in_time`: by its day."""
    came = Recipient.first_submitted_at.is_not(None)
    counts = and_(came, Recipient.first_submitted_at <= Recipient.due_at) if is_in_time else came
    statement = (
        select(func.count(case((counts, 1))), func.count())
        .select_from(Recipient)
        .join(Assignment, Assignment.id == Recipient.assignment_id)
        .where(
            asked.is_below(Recipient), asked.is_within(Recipient.due_at), Recipient.due_at <= asked.now,
            Recipient.is_copy.is_(False), Recipient.status != RecipientStatus.WITHDRAWN,
            Assignment.wants_reply.is_(True), Assignment.status.not_in(ENDED),
            asked.is_of_campaign(Assignment.campaign_id),
        )
    )  # fmt: skip
    over, under = session.execute(statement.where(Assignment.kind == kind) if kind else statement).one()
    return share(over, under, "/console/assignments?status=all&below=1")


INDICATORS = (
    Indicator(
        key="tasks_in_time", name="任务按时办结率", source=OutcomeSource.TASKS, measure=Measure.PERCENT,
        meaning="本期到期、要求填报的任务里，本单位和辖区单位按时报来的占多少。退回修改不算晚，撤回的不算。",
        count=lambda session, asked: count_in_time(session, asked, is_in_time=True),
    ),
)  # fmt: skip
