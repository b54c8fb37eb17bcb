"""What winners are told of their prizes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.core.events import Event
from server.kit.messages import Message, MessageWriter, PersonalMessage, id_in
from server.review.submissions.texts import day_text

Data = Mapping[str, Any]


def _offered(data: Data) -> Message:
    until = day_text(datetime.fromisoformat(data["claim_until"]))
    prize, contest = data["prize_name"], data["contest_name"]
    return Message("你获奖了", f"你在“{contest}”里得到“{prize}”。请在 {until} 前点开确认领取，过期会留给候补的人。")


def _expired(data: Data) -> Message:
    return Message("奖品过期没领", f"“{data['prize_name']}”过了领取期限，已留给候补的人。")


def _revoked(data: Data) -> Message:
    return Message("获奖资格取消了", f"“{data['prize_name']}”的获奖资格已取消。原因：{data['text']}")


def _handed_over(data: Data) -> Message:
    return Message("奖品已发放", f"“{data['prize_name']}”已登记发放。如果你没有收到，请联系工会。")


def _of_prize(step: str, words: Callable[[Data], Message]) -> MessageWriter:
    def write(session: Session, event: Event) -> PersonalMessage:
        return PersonalMessage(
            person_id=id_in(event, "person_id"),
            key=f"prize:{step}:{event.subject_id}",
            message=words(event.data),
            target="prizes",
            what=str(event.data["prize_name"]),
        )

    return write


MESSAGES: Mapping[str, MessageWriter] = {
    "prize.offered": _of_prize("offered", _offered),
    "prize.expired": _of_prize("expired", _expired),
    "prize.revoked": _of_prize("revoked", _revoked),
    "prize.handed_over": _of_prize("handed_over", _handed_over),
}
