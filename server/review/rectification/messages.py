"""What people are told of a rectification: the reporter of each move, but notes, and but its beginning, which the
message of the acceptance tells; reviewers when it is their turn."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.events import Event
from server.core.messages import GroupMessage, Message, MessageWriter, PersonalMessage, WechatNotice
from server.kit.occasions import Occasion
from server.review.rectification.events import (
    RectificationAccepted,
    RectificationClosed,
    RectificationDisputed,
    RectificationDropped,
    RectificationEvent,
    RectificationExtensionAsked,
    RectificationExtensionGranted,
    RectificationExtensionRefused,
    RectificationReopened,
    RectificationSentBack,
    RectificationSubmitted,
    RectificationUpheld,
    RectificationVoided,
)
from server.review.rectification.models import Rectification
from server.review.rectification.moves.opening import opening_of
from server.review.submissions.events import SubmissionAccepted
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Submission
from server.review.submissions.texts import day_text, due_text
from server.unions.people.queries import list_reviewers
from server.unions.tree.models import Union


@dataclass(frozen=True, slots=True)
class RectificationMessage:
    """A rectification as its messages tell it: `addressee` puts it right, `text` are the words said with the step."""

    excerpt: str
    addressee: str
    text: str | None
    due_at: datetime
    reopen_until: datetime | None = None


def _words(told: RectificationMessage, label: str) -> str:
    return f"{label}：{told.text}" if told.text else ""


def _by(told: RectificationMessage) -> str:
    return f"最晚 {due_text(told.due_at)} 整改好"


def say_opening(session: Session, submission: Submission, decision: SubmissionAccepted) -> str:
    """Of an acceptance: who is to put it right until when."""
    if not kind_of(submission.kind).is_rectified:
        return ""
    opening = opening_of(session, submission, decision)
    addressee = session.get_one(Union, opening.addressee_id).name
    return f"由{addressee}整改，最晚 {due_text(opening.due_at)} 整改好。"


def _accepted(told: RectificationMessage) -> Message:
    return Message("单位开始整改", f"{told.addressee}接受了“{told.excerpt}”的整改建议，{_by(told)}。")


def _disputed(told: RectificationMessage) -> Message:
    said = _words(told, "理由")
    return Message("单位有异议", f"{told.addressee}对“{told.excerpt}”有异议，由上级工会决定。{said}")


def _upheld(told: RectificationMessage) -> Message:
    said = _words(told, "说明")
    return Message("异议不成立，继续整改", f"“{told.excerpt}”仍由{told.addressee}整改，{_by(told)}。{said}")


def _dropped(told: RectificationMessage) -> Message:
    said = _words(told, "说明")
    return Message("异议成立，无需整改", f"工会认为{told.addressee}的异议成立，“{told.excerpt}”无需整改。{said}")


def _extension_asked(told: RectificationMessage) -> Message:
    said = _words(told, "理由")
    return Message("单位申请延期", f"{told.addressee}为“{told.excerpt}”申请延期，由工会决定。{said}")


def _extension_granted(told: RectificationMessage) -> Message:
    return Message("工会同意延期", f"“{told.excerpt}”的整改延期，{_by(told)}。{_words(told, '说明')}")


def _extension_refused(told: RectificationMessage) -> Message:
    return Message("工会没有同意延期", f"“{told.excerpt}”的整改不延期，{_by(told)}。{_words(told, '说明')}")


def _submitted(told: RectificationMessage) -> Message:
    said = _words(told, "整改情况")
    return Message(
        "单位说已整改好", f"“{told.excerpt}”等待工会复查。你可以看看照片，告诉工会是不是真的整改好了。{said}"
    )


def _sent_back(told: RectificationMessage) -> Message:
    said = _words(told, "说明")
    return Message("复查没有通过，继续整改", f"“{told.excerpt}”由{told.addressee}继续整改，{_by(told)}。{said}")


def _closed(told: RectificationMessage) -> Message:
    until = f"如果问题又出现，{day_text(told.reopen_until)} 前可以拍照反映。" if told.reopen_until else ""
    return Message("复查通过，已销号", f"“{told.excerpt}”已整改好，谢谢你。{until}{_words(told, '说明')}")


def _reopened(told: RectificationMessage) -> Message:
    said = _words(told, "说明")
    return Message("重新整改", f"“{told.excerpt}”没有整改好，由{told.addressee}重新整改，{_by(told)}。{said}")


def _voided(told: RectificationMessage) -> Message:
    return Message("整改建议已收回", f"“{told.excerpt}”之前的审核决定已收回，整改建议不再有效。")


WORDS: Mapping[type[RectificationEvent], Callable[[RectificationMessage], Message]] = {
    RectificationAccepted: _accepted,
    RectificationDisputed: _disputed,
    RectificationUpheld: _upheld,
    RectificationDropped: _dropped,
    RectificationExtensionAsked: _extension_asked,
    RectificationExtensionGranted: _extension_granted,
    RectificationExtensionRefused: _extension_refused,
    RectificationSubmitted: _submitted,
    RectificationSentBack: _sent_back,
    RectificationClosed: _closed,
    RectificationReopened: _reopened,
    RectificationVoided: _voided,
}
OUTCOMES: Mapping[type[RectificationEvent], str] = {
    RectificationSubmitted: "待复查",
    RectificationClosed: "已销号",
    RectificationDropped: "无需整改",
    RectificationReopened: "重新整改",
}
"""Of those that go out by WeChat."""

_SUBJECT = (
    select(
        Submission.reporter_id,
        Submission.excerpt,
        Rectification.due_at,
        Rectification.reopen_until,
        Union.name.label("addressee"),
    )
    .select_from(Rectification)
    .join(Submission, Submission.id == Rectification.submission_id)
    .join(Union, Union.id == Rectification.addressee_id)
)


def _tell_reporter(session: Session, event: RectificationEvent) -> Iterator[PersonalMessage]:
    row = session.execute(_SUBJECT.where(Rectification.id == event.rectification_id)).one()
    told = RectificationMessage(row.excerpt, row.addressee, event.text, row.due_at, row.reopen_until)
    outcome = OUTCOMES.get(type(event))
    yield PersonalMessage(
        person_id=row.reporter_id,
        key=f"rectification:{event.step_id}",
        message=WORDS[type(event)](told),
        submission_id=event.submission_id,
        what=row.excerpt,
        by_wechat=WechatNotice(event.name, Occasion.RECTIFICATION, outcome) if outcome else None,
    )


# --- what reviewers are told: that it is their turn, in the words of nobody -------------------------------------------

DeskWords = tuple[str, str]  # title and body, with places for the hazard, the addressee and the deadline

TO_ABOVE: Mapping[type[RectificationEvent], DeskWords] = {
    RectificationExtensionAsked: ("单位申请延期", "{addressee}为{hazard}申请延期，等您答复。"),
    RectificationDisputed: ("单位对整改有异议", "{addressee}对{hazard}的整改有异议，等您答复。"),
    RectificationSubmitted: ("整改等复查", "{addressee}报告{hazard}已整改好，等您复查。"),
}
"""To the union right above the addressee, which answers."""
TO_ADDRESSEE: Mapping[type[RectificationEvent], DeskWords] = {
    RectificationUpheld: ("异议不成立", "{hazard}仍请在 {due} 前整改好。"),
    RectificationDropped: ("异议成立", "{hazard}无需整改。"),
    RectificationExtensionGranted: ("同意延期", "{hazard}的整改延到 {due}。"),
    RectificationExtensionRefused: ("没有同意延期", "{hazard}请在 {due} 前整改好。"),
    RectificationSentBack: ("复查没有通过", "{hazard}请继续整改，{due} 前整改好。"),
    RectificationClosed: ("复查通过，已销号", "{hazard}已销号。"),
    RectificationReopened: ("职工反映没有整改好", "{hazard}请重新整改，{due} 前整改好。"),
    RectificationVoided: ("整改建议已收回", "{hazard}重新审核，先不用整改。"),
}
AT_DESK_OUTCOMES: Mapping[type[RectificationEvent], str] = {
    RectificationExtensionAsked: "待答复",
    RectificationDisputed: "待答复",
    RectificationSubmitted: "待复查",
    RectificationSentBack: "继续整改",
    RectificationReopened: "重新整改",
    RectificationClosed: "已销号",
}
_AT_DESK = (
    select(
        Submission.number,
        Submission.is_anonymous,
        Rectification.due_at,
        Union.id,
        Union.parent_id,
        Union.name.label("addressee"),
    )
    .select_from(Rectification)
    .join(Submission, Submission.id == Rectification.submission_id)
    .join(Union, Union.id == Rectification.addressee_id)
)


def _tell_reviewers(session: Session, event: RectificationEvent) -> Iterator[GroupMessage]:
    """Those whose turn it is, but whoever made the move. Words of others stay with the item, where they can be struck;
    the minute of what an anonymous reporter did is not told."""
    kind = type(event)
    words = TO_ABOVE.get(kind) or TO_ADDRESSEE.get(kind)
    if words is None:
        return
    row = session.execute(_AT_DESK.where(Rectification.id == event.rectification_id)).one()
    told = (row.parent_id or row.id) if kind in TO_ABOVE else row.id
    title, body = words
    yield GroupMessage(
        people=list_reviewers(session, told, but=event.actor_id),
        key=f"rectification:desk:{event.step_id}",
        message=Message(
            title, body.format(hazard=f"隐患 {row.number} ", addressee=row.addressee, due=due_text(row.due_at))
        ),
        desk=f"/console/rectifications/{event.rectification_id}",
        day_only=row.is_anonymous and event.union_id is None,
        by_wechat=WechatNotice(event.name, Occasion.DESK, AT_DESK_OUTCOMES.get(kind, "有进展")),
    )


def _tell(session: Session, event: RectificationEvent) -> Iterator[PersonalMessage | GroupMessage]:
    yield from _tell_reporter(session, event)
    yield from _tell_reviewers(session, event)


def _tell_addressee(session: Session, event: SubmissionAccepted) -> Iterator[GroupMessage]:
    """Who is to put an accepted hazard right. The list opens what has its number, once the row is there."""
    submission = session.get_one(Submission, event.submission_id)
    if not kind_of(submission.kind).is_rectified:
        return
    opening = opening_of(session, submission, event)
    body = f"隐患 {submission.number} 请在 {due_text(opening.due_at)} 前整改好。"
    yield GroupMessage(
        people=list_reviewers(session, opening.addressee_id, but=event.actor_id),
        key=f"rectification:opened:{event.step_id}",
        message=Message("收到整改建议", body),
        desk=f"/console/rectifications?q={submission.number}",
        by_wechat=WechatNotice("rectification.opened", Occasion.DESK, "待整改"),
    )


MESSAGES: Mapping[type[Event], MessageWriter] = dict.fromkeys(WORDS, _tell) | {SubmissionAccepted: _tell_addressee}
