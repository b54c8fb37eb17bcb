"""What people are told of their points."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from server.core.events import Event
from server.kit.messages import Message, MessageWriter, PersonalMessage, id_in


def _credited(session: Session, event: Event) -> PersonalMessage:
    amount, reason = event.data["amount"], event.data["reason"]
    return _message(event, Message(f"积分 +{amount}", f"{reason}，积分 +{amount}。"))


def _taken_back(session: Session, event: Event) -> PersonalMessage:
    lost = abs(int(event.data["amount"]))
    return _message(event, Message(f"积分 -{lost}", f"{event.data['reason']}，收回积分 {lost}。"))


def _message(event: Event, message: Message) -> PersonalMessage:
    return PersonalMessage(
        person_id=id_in(event, "person_id"),
        key=f"points:{event.subject_id}",
        message=message,
        submission_id=id_in(event, "submission_id"),
        target="points",
        what=str(event.data.get("what") or ""),
    )


MESSAGES: Mapping[str, MessageWriter] = {"points.credited": _credited, "points.taken_back": _taken_back}
