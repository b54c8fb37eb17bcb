"""What the reporter is told while a hazard is put right, and its followers when that has ended. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.notifications.inbox.messages import Message
from server.review.submissions.texts import day_text, due_text


@dataclass(frozen=True, slots=True)
class RectificationMessage:
    """A rectification as its messages tell it: `addressee` puts it right, `text` are the words said with the step."""

    excerpt: str
    addressee: str
    text: str | None
    due_at: datetime
    reopen_until: datetime | None = None


def _words(repair: RectificationMessage, label: str) -> str:
    return f"{label}：{repair.text}" if repair.text else ""


def _by(repair: RectificationMessage) -> str:
    return f"最晚 {due_text(repair.due_at)} 整改好"


def _opened(repair: RectificationMessage) -> Message:
    return Message("已提出整改建议", f"“{repair.excerpt}”由{repair.addressee}整改，{_by(repair)}。")


def _accepted(repair: RectificationMessage) -> Message:
    return Message("单位开始整改", f"{repair.addressee}接受了“{repair.excerpt}”的整改建议，{_by(repair)}。")


def _disputed(repair: RectificationMessage) -> Message:
    said = _words(repair, "理由")
    return Message("单位有异议", f"{repair.addressee}对“{repair.excerpt}”有异议，由上级工会决定。{said}")


def _upheld(repair: RectificationMessage) -> Message:
    said = _words(repair, "说明")
    return Message("异议不成立，继续整改", f"“{repair.excerpt}”仍由{repair.addressee}整改，{_by(repair)}。{said}")


def _dropped(repair: RectificationMessage) -> Message:
    said = _words(repair, "说明")
    return Message("异议成立，无需整改", f"工会认为{repair.addressee}的异议成立，“{repair.excerpt}”无需整改。{said}")


def _extension_asked(repair: RectificationMessage) -> Message:
    said = _words(repair, "理由")
    return Message("单位申请延期", f"{repair.addressee}为“{repair.excerpt}”申请延期，由工会决定。{said}")


def _extension_granted(repair: RectificationMessage) -> Message:
    return Message("工会同意延期", f"“{repair.excerpt}”的整改延期，{_by(repair)}。{_words(repair, '说明')}")


def _extension_refused(repair: RectificationMessage) -> Message:
    return Message("工会没有同意延期", f"“{repair.excerpt}”的整改不延期，{_by(repair)}。{_words(repair, '说明')}")


def _submitted(repair: RectificationMessage) -> Message:
    said = _words(repair, "整改情况")
    return Message(
        "单位说已整改好", f"“{repair.excerpt}”等待工会复查。你可以看看照片，告诉工会是不是真的整改好了。{said}"
    )


def _sent_back(repair: RectificationMessage) -> Message:
    said = _words(repair, "说明")
    return Message("复查没有通过，继续整改", f"“{repair.excerpt}”由{repair.addressee}继续整改，{_by(repair)}。{said}")


def _closed(repair: RectificationMessage) -> Message:
    until = f"如果问题又出现，{day_text(repair.reopen_until)} 前可以拍照反映。" if repair.reopen_until else ""
    return Message("复查通过，已销号", f"“{repair.excerpt}”已整改好，谢谢你。{until}{_words(repair, '说明')}")


def _reopened(repair: RectificationMessage) -> Message:
    said = _words(repair, "说明")
    return Message("重新整改", f"“{repair.excerpt}”没有整改好，由{repair.addressee}重新整改，{_by(repair)}。{said}")


def _voided(repair: RectificationMessage) -> Message:
    return Message("整改建议已收回", f"“{repair.excerpt}”之前的审核决定已收回，整改建议不再有效。")


PUTTING_RIGHT: Mapping[str, Callable[[RectificationMessage], Message]] = {
    "rectification.opened": _opened,
    "rectification.accepted": _accepted,
    "rectification.disputed": _disputed,
    "rectification.upheld": _upheld,
    "rectification.dropped": _dropped,
    "rectification.extension_asked": _extension_asked,
    "rectification.extension_granted": _extension_granted,
    "rectification.extension_refused": _extension_refused,
    "rectification.submitted": _submitted,
    "rectification.sent_back": _sent_back,
    "rectification.closed": _closed,
    "rectification.reopened": _reopened,
    "rectification.voided": _voided,
}
"""By event."""

_FOLLOWED: Mapping[str, tuple[str, str]] = {
    "submission.followed": ("有工友也看到了", "有工友也在关注{what}，会和你一起等结果。"),
    "submission.declined": ("你关注的这一条没有受理", "{what}没有受理。"),
    "submission.left_behind": (
        "你关注的这一条撤回了",
        "{what}由提交的人撤回了，工会不再处理。隐患还在的话，请你自己拍照上报。",
    ),
    "rectification.closed": ("你关注的隐患已销号", "{what}已整改好，复查通过。"),
    "rectification.dropped": ("你关注的隐患无需整改", "工会认为单位的异议成立，{what}无需整改。"),
}

ENDINGS = frozenset({"rectification.closed", "rectification.dropped"})


def followed(name: str, excerpt: str | None) -> Message:
    """A message that names nobody. No excerpt: it was reported anonymously, and its words may betray by whom."""
    title, body = _FOLLOWED[name]
    return Message(title, body.format(what="你关注的隐患" if excerpt is None else f"“{excerpt}”"))
