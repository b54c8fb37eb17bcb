"""What an enterprise is told: who is still to be trained there."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from server.core.messages import GroupMessage, Message
from server.oversight.coverage.models import CoverageFact, OfficerState


def reminder(fact: CoverageFact, period: str, sender: str, people: Sequence[UUID], day: date) -> GroupMessage:
    """To the reviewers of the enterprise, once a day at most."""
    words = f"{sender}提醒：{period}的安全培训，{'；'.join(_left(fact))}。请安排参加。"
    return GroupMessage(
        people=people,
        key=f"coverage:{fact.enterprise_id.hex}:{day.isoformat()}",
        message=Message("还有人没有参加安全培训", words),
        desk=f"/console/coverage/enterprises/{fact.enterprise_id}",
    )


def _left(fact: CoverageFact) -> list[str]:
    """What is left, in words."""
    left = []
    if fact.officer_state is OfficerState.MISSING:
        left.append("安全负责人还没有参加")
    if fact.officer_state is OfficerState.UNNAMED:
        left.append("还没有登记安全负责人")
    if fact.workers_left:
        left.append(f"职工还差 {fact.headcount - fact.attended} 人")
    if fact.teams_left:
        left.append(f"还有 {fact.teams - fact.teams_drilled} 个班组没有参加演练")
    return left
