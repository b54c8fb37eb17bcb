"""What reviewers are told of what climbed to their union."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.events import Event
from server.core.messages import GroupMessage, Message, MessageWriter
from server.review.escalation.events import OverdueClimbed
from server.review.escalation.listing import CLIMBED
from server.unions.people.queries import list_reviewers


def _tell_reviewers(session: Session, event: OverdueClimbed) -> Iterator[GroupMessage]:
    """One message a day, whatever the number: the list tells the rest."""
    yield GroupMessage(
        people=list_reviewers(session, event.union_id),
        key=f"climbed:{in_shanghai(event.at).date().isoformat()}:{event.union_id.hex}",
        message=Message("有逾期事项升级到您这里", "下级逾期没有办理的事项已经升级，请督促。"),
        desk=CLIMBED.path,
    )


MESSAGES: Mapping[type[Event], MessageWriter] = {OverdueClimbed: _tell_reviewers}
