"""What people are told. The words stand with the slice that sends them; the inbox delivers.

Slices above the inbox call it (`server.notifications.inbox.actions.deliver`); it hears the events of those below, whose
`MESSAGES` say what to tell of which.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Message:
    """A title of at most 60 characters, and a body."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class WechatNotice:
    """That a message may go out by WeChat too. `about` names what happened (`award.paid`), `occasion` the template that
    people agreed to (server.kit.occasions), `outcome` is the result in at most five Chinese characters. `page` is what
    a tap opens in the mini program; empty: the page that the template names."""

    about: str
    occasion: StrEnum
    outcome: str
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalMessage:
    """A message to one person; to None, it is to nobody, and dropped. So is a second one with the same `key`.

    `target` is what a tap leads to. `what` is the matter in short: a batch, a prize, a contest or a step. `desk` is the
    page of the console that it leads to: told to a reviewer, it stands in the bell there.
    """

    person_id: UUID | None
    key: str
    message: Message
    target: str | None = None
    submission_id: UUID | None = None
    what: str = ""
    desk: str | None = None
    by_wechat: WechatNotice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMessage:
    """The same message to several people, once per person and `key`.

    `day_only`: neither its time nor its id tells more than the day, for an anonymous person may have caused it.
    `desk` as with one person; so is `by_wechat`, but of what tells the day alone: WeChat would tell the minute.
    """

    people: Collection[UUID]
    key: str
    message: Message
    submission_id: UUID | None = None
    day_only: bool = False
    desk: str | None = None
    by_wechat: WechatNotice | None = None


MessageWriter = Callable[[Session, Any], Iterable[PersonalMessage | GroupMessage]]
"""What to tell of an event of one class, and whom."""
