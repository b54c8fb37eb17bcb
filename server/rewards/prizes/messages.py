"""What winners are told of their prizes."""

from sqlalchemy.orm import Session

from server.core.messages import Message, PersonalMessage, WechatNotice
from server.kit.occasions import Occasion
from server.review.submissions.texts import day_text
from server.rewards.prizes.models import Prize, PrizePool, PrizeWin


def offered(session: Session, win: PrizeWin) -> PersonalMessage:
    """That they won, and by when to say that they want it."""
    contest = session.get_one(PrizePool, win.pool_id).contest_name
    until = day_text(win.claim_until) if win.claim_until else ""
    body = f"你在“{contest}”里得到“{_name(session, win)}”。请在 {until} 前点开确认领取，过期会留给候补的人。"
    notice = WechatNotice("prize.offered", Occasion.AWARD, "待领取")
    return _message(session, win, "offered", Message("你获奖了", body), notice)


def expired(session: Session, win: PrizeWin) -> PersonalMessage:
    """That they did not say so in time."""
    body = f"“{_name(session, win)}”过了领取期限，已留给候补的人。"
    return _message(session, win, "expired", Message("奖品过期没领", body))


def revoked(session: Session, win: PrizeWin, reason: str) -> PersonalMessage:
    """That it was taken from them, and why."""
    body = f"“{_name(session, win)}”的获奖资格已取消。原因：{reason}"
    return _message(session, win, "revoked", Message("获奖资格取消了", body))


def handed_over(session: Session, win: PrizeWin) -> PersonalMessage:
    """That the union says that they have it."""
    body = f"“{_name(session, win)}”已登记发放。如果你没有收到，请联系工会。"
    notice = WechatNotice("prize.handed_over", Occasion.AWARD, "已发放")
    return _message(session, win, "handed_over", Message("奖品已发放", body), notice)


def _name(session: Session, win: PrizeWin) -> str:
    return session.get_one(Prize, win.prize_id).name


def _message(
    session: Session, win: PrizeWin, step: str, message: Message, notice: WechatNotice | None = None
) -> PersonalMessage:
    return PersonalMessage(
        person_id=win.person_id,
        key=f"prize:{step}:{win.id}",
        message=message,
        target="prizes",
        what=_name(session, win),
        by_wechat=notice,
    )
