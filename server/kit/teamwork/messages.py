"""What colleagues are told: that there is something, never what was said, which stays among those who may read it."""

from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from server.core.events import Event
from server.core.messages import Message, MessageWriter, PersonalMessage, WechatNotice
from server.kit.occasions import Occasion
from server.kit.teamwork.events import ColleagueMentioned, ItemGiven


def _tell_assignee(_session: Session, event: ItemGiven) -> Iterator[PersonalMessage]:
    yield PersonalMessage(
        person_id=event.assignee_id,
        key=f"given:{event.assignment_id.hex}:{event.at.timestamp():.0f}",
        message=Message("同事交给您一件事", f"{event.what}。列表里勾选“给我的”也能看到。"),
        desk=event.href,
        what=event.what,
        by_wechat=WechatNotice(event.name, Occasion.DESK, "交给您"),
    )


def _tell_mentioned(_session: Session, event: ColleagueMentioned) -> Iterator[PersonalMessage]:
    yield PersonalMessage(
        person_id=event.mentioned_id,
        key=f"mentioned:{event.comment_id.hex}",
        message=Message("同事在讨论里提到您", f"{event.what}。"),
        desk=f"{event.href}#team",
        what=event.what,
        by_wechat=WechatNotice(event.name, Occasion.DESK, "提到您"),
    )


MESSAGES: Mapping[type[Event], MessageWriter] = {ItemGiven: _tell_assignee, ColleagueMentioned: _tell_mentioned}
