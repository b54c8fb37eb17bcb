"""What people are told of awards, prizes, points and the progress of their suggestions, from the events alone. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.core.events import Event
from server.kit.messages import Message
from server.review.submissions.texts import day_text


@dataclass(frozen=True, slots=True)
class RewardMessage:
    """Whom an event concerns, what the message leads to, and the event's data for its words."""

    person_id: UUID | None
    key: str
    submission_id: UUID | None
    target: str
    data: Mapping[str, Any]

    @property
    def what(self) -> str:
        """The matter in short: a batch, a prize, a contest or a step; empty if the event names none."""
        names = ("prize_name", "batch_name", "contest_name", "what")
        return next((str(self.data[name]) for name in names if self.data.get(name)), "")

    @classmethod
    def of(cls, event: Event) -> "RewardMessage":
        """The gain that an event tells of."""
        wing, _, what = event.name.partition(".")
        match wing:
            case "points":
                return cls(
                    _id(event, "person_id"), f"points:{event.subject_id}", _id(event, "submission_id"), "points",
                    event.data,
                )  # fmt: skip
            case "award" if what == "objection_answered":
                objection = event.data["objection_id"]
                return cls(
                    _id(event, "objector_id"), f"objection:{objection}", None, f"notice:{event.data['batch_id']}",
                    event.data,
                )  # fmt: skip
            case "award":
                key = f"award:{what}:{event.subject_id}"
                return cls(_id(event, "person_id"), key, _id(event, "submission_id"), f"award:{event.subject_id}",
                    event.data)  # fmt: skip
            case "prize":
                return cls(_id(event, "person_id"), f"prize:{what}:{event.subject_id}", None, "prizes", event.data)
            case "certificate":
                target = f"certificate:{event.data['contest_id']}"
                return cls(_id(event, "person_id"), f"certificate:{event.subject_id}", None, target, event.data)
            case _:
                submission_id = _id(event, "submission_id") or event.subject_id
                step = event.data.get("step_id") or submission_id
                return cls(
                    _id(event, "person_id"), f"{what}:{step}", submission_id, f"suggestion:{submission_id}", event.data
                )


def _id(event: Event, name: str) -> UUID | None:
    value = event.data.get(name)
    return None if value is None else UUID(str(value))


def _named(gain: RewardMessage) -> str:
    return f"“{gain.data['batch_name']}”" if gain.data.get("batch_name") else "这一批奖励"


def _money(gain: RewardMessage) -> str:
    cents = gain.data.get("amount_cents") or 0
    return f"，奖励 {cents // 100}.{cents % 100:02d} 元" if cents else ""


def _award_published(gain: RewardMessage) -> Message:
    until = gain.data.get("objections_until")
    end = f"公示到 {day_text(datetime.fromisoformat(until))}，没有异议就会确定。" if until else "公示结束后确定。"
    return Message("你在奖励公示名单里", f"{_named(gain)}正在公示{_money(gain)}。{end}")


def _award_final(gain: RewardMessage) -> Message:
    return Message("你的奖励已确定", f"{_named(gain)}的名单已确定{_money(gain)}，由工会发放，发放后会告诉你。")


def _award_paid(gain: RewardMessage) -> Message:
    return Message("奖励已发放", f"{_named(gain)}已发放{_money(gain)}。收到后请点开确认。")


def _objection_answered(gain: RewardMessage) -> Message:
    verdict = "成立" if gain.data.get("upheld") else "不成立"
    return Message("你的异议有答复了", f"你对{_named(gain)}的异议{verdict}。{gain.data.get('text') or ''}")


def _points_credited(gain: RewardMessage) -> Message:
    return Message(f"积分 +{gain.data['amount']}", f"{gain.data['reason']}，积分 +{gain.data['amount']}。")


def _points_taken_back(gain: RewardMessage) -> Message:
    lost = abs(int(gain.data["amount"]))
    return Message(f"积分 -{lost}", f"{gain.data['reason']}，收回积分 {lost}。")


def _prize_offered(gain: RewardMessage) -> Message:
    until = day_text(datetime.fromisoformat(gain.data["claim_until"]))
    prize, contest = gain.data["prize_name"], gain.data["contest_name"]
    return Message("你获奖了", f"你在“{contest}”里得到“{prize}”。请在 {until} 前点开确认领取，过期会留给候补的人。")


def _prize_expired(gain: RewardMessage) -> Message:
    return Message("奖品过期没领", f"“{gain.data['prize_name']}”过了领取期限，已留给候补的人。")


def _prize_revoked(gain: RewardMessage) -> Message:
    return Message("获奖资格取消了", f"“{gain.data['prize_name']}”的获奖资格已取消。原因：{gain.data['text']}")


def _prize_handed_over(gain: RewardMessage) -> Message:
    return Message("奖品已发放", f"“{gain.data['prize_name']}”已登记发放。如果你没有收到，请联系工会。")


def _certificate_issued(gain: RewardMessage) -> Message:
    return Message("你通关了，证书已发", f"你通过了“{gain.data['contest_name']}”的全部关卡，点开可以看到并保存证书。")


def _step_done(gain: RewardMessage) -> Message:
    what = gain.data.get("what") or gain.data.get("text")
    done = f"完成了一步：{what}" if what else "完成了一步。"
    return Message("你的建议有进展", f"你的建议正在落实，{done}")


def _benefit_confirmed(gain: RewardMessage) -> Message:
    return Message("你的建议见效了", "单位确认了你的建议带来的效果，点开可以看到。")


def _suggestion_published(gain: RewardMessage) -> Message:
    return Message("你的建议已公开", "你的建议已公开展示，工友们可以看到并支持它。")


def _co_author_named(gain: RewardMessage) -> Message:
    return Message("请确认共同建议人", "有工友把你列为一条建议的共同建议人，点开看看，确认或拒绝。")


GAINS: Mapping[str, Callable[[RewardMessage], Message]] = {
    "award.published": _award_published,
    "award.final": _award_final,
    "award.paid": _award_paid,
    "award.objection_answered": _objection_answered,
    "points.credited": _points_credited,
    "points.taken_back": _points_taken_back,
    "prize.offered": _prize_offered,
    "prize.expired": _prize_expired,
    "prize.revoked": _prize_revoked,
    "prize.handed_over": _prize_handed_over,
    "certificate.issued": _certificate_issued,
    "suggestion.co_author_named": _co_author_named,
    "suggestion.step_done": _step_done,
    "suggestion.benefit_confirmed": _benefit_confirmed,
    "suggestion.published": _suggestion_published,
}
"""By event."""
