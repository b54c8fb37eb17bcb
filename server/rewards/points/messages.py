"""What people are told of their points."""

from server.core.messages import Message, PersonalMessage
from server.rewards.points.models import PointsTransfer


def in_one_sentence(points: int) -> str:
    """Of an acceptance: what it earns."""
    return f"积分 +{points}。" if points else ""


def moved(transfer: PointsTransfer) -> PersonalMessage:
    """That points came, or were taken back."""
    amount, reason = transfer.amount, transfer.reason
    if transfer.reverses_id is None:
        message = Message(f"积分 +{amount}", f"{reason}，积分 +{amount}。")
    else:
        message = Message(f"积分 -{amount}", f"{reason}，收回积分 {amount}。")
    return PersonalMessage(
        person_id=transfer.person_id,
        key=f"points:{transfer.id}",
        message=message,
        submission_id=transfer.submission_id,
        target="points",
    )
