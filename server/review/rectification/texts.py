"""What people read about a rectification. Pure."""

from server.review.rectification.models import RecheckWay
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status

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
CONFIRMED = "报告人确认已整改好"

WAY_TEXTS: dict[RecheckWay, str] = {RecheckWay.ON_SITE: "现场复查", RecheckWay.BY_PHOTOS: "看照片复查"}


def move_title(move: Move, *, by_reporter: bool) -> str:
    """What a step is called."""
    return CONFIRMED if by_reporter and move is Move.NOTE else MOVE_TITLES[move]
