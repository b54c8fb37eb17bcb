"""What people are told of their awards and objections."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.core.messages import GroupMessage, Message, PersonalMessage, WechatNotice
from server.kit.occasions import Occasion
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardObjection, ObjectionStatus
from server.review.submissions.texts import day_text
from server.unions.people.queries import list_reviewers


def published(batch: AwardBatch, entry: AwardEntry) -> PersonalMessage:
    """That they are on the list."""
    until = batch.objections_until
    end = f"公示到 {day_text(until)}，没有异议就会确定。" if until else "公示结束后确定。"
    message = Message("你在奖励公示名单里", f"“{batch.name}”正在公示{_money(entry)}。{end}")
    return _of_entry(batch, entry, "published", message, WechatNotice("award.published", Occasion.AWARD, "公示中"))


def final(batch: AwardBatch, entry: AwardEntry) -> PersonalMessage:
    """That their award is certain."""
    body = f"“{batch.name}”的名单已确定{_money(entry)}，由工会发放，发放后会告诉你。"
    notice = WechatNotice("award.final", Occasion.AWARD, "已确定")
    return _of_entry(batch, entry, "final", Message("你的奖励已确定", body), notice)


def paid(batch: AwardBatch, entry: AwardEntry) -> PersonalMessage:
    """That it was paid."""
    message = Message("奖励已发放", f"“{batch.name}”已发放{_money(entry)}。收到后请点开确认。")
    return _of_entry(batch, entry, "paid", message, WechatNotice("award.paid", Occasion.AWARD, "已发放"))


def objected(session: Session, batch: AwardBatch, objection_id: UUID) -> GroupMessage:
    """That there is an objection, to the reviewers who answer it; of whoever made it, not even the minute."""
    return GroupMessage(
        people=list_reviewers(session, batch.union_id),
        key=f"objected:{objection_id}",
        message=Message("有人对公示名单提出异议", f"“{batch.name}”有一条异议，等您答复。"),
        desk=f"/console/awards/{batch.id}",
        day_only=True,
    )


def objection_answered(batch: AwardBatch, objection: AwardObjection) -> PersonalMessage:
    """What became of an objection, to whoever made it."""
    verdict = "成立" if objection.status is ObjectionStatus.UPHELD else "不成立"
    return PersonalMessage(
        person_id=objection.person_id,
        key=f"objection:{objection.id}",
        message=Message("你的异议有答复了", f"你对“{batch.name}”的异议{verdict}。{objection.answer or ''}"),
        target=f"notice:{batch.id}",
        what=batch.name,
    )


def _money(entry: AwardEntry) -> str:
    cents = entry.amount_cents
    return f"，奖励 {cents // 100}.{cents % 100:02d} 元" if cents else ""


def _of_entry(
    batch: AwardBatch, entry: AwardEntry, step: str, message: Message, notice: WechatNotice
) -> PersonalMessage:
    """To the person of an entry; entries of units concern none."""
    return PersonalMessage(
        person_id=entry.person_id,
        key=f"award:{step}:{entry.id}",
        message=message,
        submission_id=entry.submission_id,
        target=f"award:{entry.id}",
        what=batch.name,
        by_wechat=notice,
    )
