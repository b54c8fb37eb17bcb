"""What people read about a rectification. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.kit.messages import Message, about
from server.review.rectification.models import RecheckWay
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.submissions.texts import day_text, due_text

STATUS_TEXTS: dict[Status, str] = {
    Status.OPEN: "待整改",
    Status.ACCEPTED: "整改中",
    Status.DISPUTED: "有异议",
    Status.SUBMITTED: "待复查",
    Status.CLOSED: "已销号",
    Status.VOIDED: "无需整改",
}

CHIPS: dict[Status, str] = {
    Status.OPEN: "brand",
    Status.ACCEPTED: "brand",
    Status.DISPUTED: "danger",
    Status.SUBMITTED: "warn",
    Status.CLOSED: "ok",
    Status.VOIDED: "plain",
}
"""Colours of the states, beside their words."""

MOVE_TITLES: dict[Move, str] = {
    Move.OPEN: "发出整改建议",
    Move.ACCEPT: "接受整改",
    Move.DISPUTE: "提出异议",
    Move.UPHOLD: "异议不成立，继续整改",
    Move.DROP: "异议成立，无需整改",
    Move.ASK_EXTENSION: "申请延期",
    Move.GRANT_EXTENSION: "同意延期",
    Move.REFUSE_EXTENSION: "不同意延期",
    Move.SUBMIT: "整改完成，等待复查",
    Move.SEND_BACK: "复查未通过，继续整改",
    Move.CLOSE: "复查通过，已销号",
    Move.REOPEN: "反映没有整改好，重新整改",
    Move.VOID: "重新审核，整改取消",
    Move.NOTE: "备注",
}
"""What the steps are called in the history."""

CONFIRMED = "报告人确认已整改好"

WAY_TEXTS: dict[RecheckWay, str] = {RecheckWay.ON_SITE: "现场复查", RecheckWay.BY_PHOTOS: "看照片复查"}


def move_title(move: Move, *, by_reporter: bool) -> str:
    """What a step is called."""
    return CONFIRMED if by_reporter and move is Move.NOTE else MOVE_TITLES[move]


@dataclass(frozen=True, slots=True)
class MoveForm:
    """How the form of a move looks. `fields` beside `version`: of text, note, days, way, photos."""

    icon: str
    hint: str = ""
    text_label: str = "说明"
    fields: tuple[str, ...] = ("text",)
    kind: str = ""


MOVE_FORMS: Mapping[Move, MoveForm] = {
    Move.SUBMIT: MoveForm(
        "camera",
        "至少一张整改后的照片。提交后等待复查，期限停止计时。",
        "怎么整改的",
        ("text", "photos"),
        "btn-primary",
    ),
    Move.ACCEPT: MoveForm("check", "表示您会按期限整改；也可以整改好后直接提交结果。"),
    Move.ASK_EXTENSION: MoveForm("clock", "由上级工会答复；答复以前仍按原期限。", "延期的理由", ("days", "text")),
    Move.DISPUTE: MoveForm("flag", "认为不是隐患或不归您单位整改时使用，由上级工会决定。", "异议的理由"),
    Move.CLOSE: MoveForm("checks", "", "复查情况（选填）", ("way", "text", "note"), "btn-primary"),
    Move.SEND_BACK: MoveForm("arrow-back-up", "", "哪里还没有整改好", ("text", "note")),
    Move.GRANT_EXTENSION: MoveForm(
        "calendar-due", "可以少给几天。", "答复（选填）", ("days", "text", "note"), "btn-primary"
    ),
    Move.REFUSE_EXTENSION: MoveForm("x", "", "理由", ("text", "note")),
    Move.UPHOLD: MoveForm("tool", "期限从今天起接着计时。", "理由", ("text", "note"), "btn-primary"),
    Move.DROP: MoveForm("ban", "这条整改就此结束，报告人会收到说明。", "理由", ("text", "note")),
    Move.NOTE: MoveForm("note", "只有工会看得到。", "", ("note",)),
}
"""Of the moves made at the console."""


# --- messages ---------------------------------------------------------------------------------------------------------


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


def _opened(told: RectificationMessage) -> Message:
    return Message("已提出整改建议", f"“{told.excerpt}”由{told.addressee}整改，{_by(told)}。")


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


MESSAGES: Mapping[Move, Callable[[RectificationMessage], Message]] = {
    Move.OPEN: _opened,
    Move.ACCEPT: _accepted,
    Move.DISPUTE: _disputed,
    Move.UPHOLD: _upheld,
    Move.DROP: _dropped,
    Move.ASK_EXTENSION: _extension_asked,
    Move.GRANT_EXTENSION: _extension_granted,
    Move.REFUSE_EXTENSION: _extension_refused,
    Move.SUBMIT: _submitted,
    Move.SEND_BACK: _sent_back,
    Move.CLOSE: _closed,
    Move.REOPEN: _reopened,
    Move.VOID: _voided,
}
"""To the reporter. Nobody is told of notes."""


def _tell_of_closing(excerpt: str | None) -> Message:
    return Message("你关注的隐患已销号", f"{about(excerpt)}已整改好，复查通过。")


def _tell_of_dropping(excerpt: str | None) -> Message:
    return Message("你关注的隐患无需整改", f"工会认为单位的异议成立，{about(excerpt)}无需整改。")


MESSAGES_TO_FOLLOWERS: Mapping[Move, Callable[[str | None], Message]] = {
    Move.CLOSE: _tell_of_closing,
    Move.DROP: _tell_of_dropping,
}
"""How it ended, without the words that were meant for the reporter."""
