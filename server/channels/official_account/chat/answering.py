"""Saying things within WeChat's limits: begun in one transaction, sent outside of any, settled in another."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.channels.official_account.models import ChatAnswer, Follower
from server.wechat.outcomes import Course, WechatRefused, WechatSilent

QUOTA_USED = frozenset({45015, 45047})


@dataclass(frozen=True, slots=True, repr=False)
class Saying:
    """What goes out, and to whom."""

    openid: str
    text: str


def begin_saying(session: Session, answer_id: UUID, *, now: datetime) -> Saying | None:
    """Take one of the messages that WeChat allows. None if nothing is to be said, or must not be any more.

    What was begun before and not settled may have been said: it is not said twice.
    """
    answer = session.scalar(select(ChatAnswer).where(ChatAnswer.id == answer_id).with_for_update())
    if answer is None:
        return None
    follower = session.scalar(select(Follower).where(Follower.id == answer.follower_id).with_for_update())
    allowed = follower is not None and follower.answers_left > 0
    in_time = follower is not None and follower.answers_until is not None and follower.answers_until > now
    if follower is None or answer.sending_at is not None or not (allowed and in_time):
        session.delete(answer)
        return None
    follower.answers_left -= 1
    answer.sending_at = now
    return Saying(follower.openid, answer.text)


def settle_saying(session: Session, answer_id: UUID, error: WechatRefused | WechatSilent | None) -> bool:
    """Note what came of it. True if it was not said and is worth another try."""
    answer = session.scalar(select(ChatAnswer).where(ChatAnswer.id == answer_id).with_for_update())
    if answer is None:
        return False
    follower = session.scalar(select(Follower).where(Follower.id == answer.follower_id).with_for_update())
    if _may_try_again(error) and follower is not None:
        follower.answers_left = min(follower.answers_left + 1, 5)
        answer.sending_at = None
        return True
    if isinstance(error, WechatRefused) and error.errcode in QUOTA_USED and follower is not None:
        follower.answers_left = 0  # WeChat counts differently: it is right
    session.delete(answer)
    return False


def _may_try_again(error: WechatRefused | WechatSilent | None) -> bool:
    if isinstance(error, WechatSilent):
        return not error.maybe_done
    return error is not None and error.course in (Course.RETRY, Course.REFRESH) and error.errcode not in QUOTA_USED
