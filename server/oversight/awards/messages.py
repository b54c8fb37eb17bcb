"""What people are told of their awards and objections."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.core.events import Event
from server.kit.messages import Message, MessageWriter, PersonalMessage, id_in
from server.review.submissions.texts import day_text

Data = Mapping[str, Any]


def _named(data: Data) -> str:
    return f"“{data['batch_name']}”" if data.get("batch_name") else "这一批奖励"


def _money(data: Data) -> str:
    cents = data.get("amount_cents") or 0
    return f"，奖励 {cents // 100}.{cents % 100:02d} 元" if cents else ""


def _published(data: Data) -> Message:
    until = data.get("objections_until")
    end = f"公示到 {day_text(datetime.fromisoformat(until))}，没有异议就会确定。" if until else "公示结束后确定。"
    return Message("你在奖励公示名单里", f"{_named(data)}正在公示{_money(data)}。{end}")


def _final(data: Data) -> Message:
    return Message("你的奖励已确定", f"{_named(data)}的名单已确定{_money(data)}，由工会发放，发放后会告诉你。")


def _paid(data: Data) -> Message:
    return Message("奖励已发放", f"{_named(data)}已发放{_money(data)}。收到后请点开确认。")


def _of_award(step: str, words: Callable[[Data], Message]) -> MessageWriter:
    """To the person of an entry; entries of units concern none."""

    def write(session: Session, event: Event) -> PersonalMessage:
        return PersonalMessage(
            person_id=id_in(event, "person_id"),
            key=f"award:{step}:{event.subject_id}",
            message=words(event.data),
            submission_id=id_in(event, "submission_id"),
            target=f"award:{event.subject_id}",
            what=str(event.data.get("batch_name") or ""),
        )

    return write


def _objection_answered(session: Session, event: Event) -> PersonalMessage:
    verdict = "成立" if event.data.get("upheld") else "不成立"
    body = f"你对{_named(event.data)}的异议{verdict}。{event.data.get('text') or ''}"
    return PersonalMessage(
        person_id=id_in(event, "objector_id"),
        key=f"objection:{event.data['objection_id']}",
        message=Message("你的异议有答复了", body),
        target=f"notice:{event.data['batch_id']}",
        what=str(event.data.get("batch_name") or ""),
    )


MESSAGES: Mapping[str, MessageWriter] = {
    "award.published": _of_award("published", _published),
    "award.final": _of_award("final", _final),
    "award.paid": _of_award("paid", _paid),
    "award.objection_answered": _objection_answered,
}
