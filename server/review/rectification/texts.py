"""What people read about a rectification; what its reporter is told stands in messages.py. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.review.rectification.models import RecheckWay, Satisfaction
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
    Move.UNDO: "撤回复查结论",
}
"""What the steps are called in the history."""

CONFIRMED = "报告人确认已整改好"

WAY_TEXTS: dict[RecheckWay, str] = {RecheckWay.ON_SITE: "现场复查", RecheckWay.BY_PHOTOS: "看照片复查"}


SATISFACTION_TEXTS: dict[Satisfaction, str] = {
    Satisfaction.SATISFIED: "满意",
    Satisfaction.FAIR: "一般",
    Satisfaction.DISSATISFIED: "不满意",
}


def way_text(way: RecheckWay | None, *, by_reporter: bool) -> str | None:
    """How it was rechecked, None if it was not."""
    if way is None:
        return None
    return "报告人确认" if by_reporter else WAY_TEXTS[way]


def move_title(move: Move, *, by_reporter: bool) -> str:
    """What a step is called."""
    return CONFIRMED if by_reporter and move is Move.NOTE else MOVE_TITLES[move]


AGREE, REFUSE = "btn-primary", "btn-refuse"


@dataclass(frozen=True, slots=True)
class MoveForm:
    """How the form of a move looks: its button on the bar and its panel. `fields` beside `version`: of text, note,
    days, way, photos. `key` works while no field has the focus; A agrees with what was asked for or shown, D does not.
    """

    icon: str
    key: str
    hint: str = ""
    text_label: str = "说明"
    fields: tuple[str, ...] = ("text",)
    look: str = ""


MOVE_FORMS: Mapping[Move, MoveForm] = {
    Move.SUBMIT: MoveForm(
        "camera", "u", "至少一张整改后的照片。提交后等待复查，期限停止计时。", "怎么整改的", ("text", "photos"), AGREE
    ),
    Move.ACCEPT: MoveForm("check", "c", "表示您会按期限整改；也可以整改好后直接提交结果。"),
    Move.ASK_EXTENSION: MoveForm(
        "clock", "e", "由上级工会答复；答复以前仍按原期限。", "延期的理由", ("days", "text"), "bar-less"
    ),
    Move.DISPUTE: MoveForm(
        "flag", "y", "认为不是隐患或不归您单位整改时使用，由上级工会决定。", "异议的理由", look=REFUSE
    ),
    Move.CLOSE: MoveForm("checks", "a", "", "复查情况（选填）", ("way", "text", "note"), AGREE),
    Move.SEND_BACK: MoveForm("arrow-back-up", "d", "", "哪里还没有整改好", ("text", "note"), REFUSE),
    Move.GRANT_EXTENSION: MoveForm(
        "calendar-due", "a", "可以少给几个工作日。", "答复（选填）", ("days", "text", "note"), AGREE
    ),
    Move.REFUSE_EXTENSION: MoveForm("x", "d", "", "理由", ("text", "note"), REFUSE),
    Move.UPHOLD: MoveForm("tool", "d", "期限从今天起接着计时。", "理由", ("text", "note"), REFUSE),
    Move.DROP: MoveForm("ban", "a", "这条整改就此结束，报告人会收到说明。", "理由", ("text", "note"), AGREE),
    Move.UNDO: MoveForm("arrow-back-up", "x", "还没有告知任何人；撤回后重新等待复查。", fields=()),
    Move.NOTE: MoveForm("note", "n", "只有工会看得到。", "", ("note",), "bar-less"),
}
"""Of the moves made at the console."""

STAYS = frozenset({Move.NOTE, Move.UNDO})
"""After any other of them one goes on to the next item of the list."""

REPLY_STARTS: Mapping[Move, tuple[tuple[str, str], ...]] = {
    Move.CLOSE: (
        ("现场看过，已整改好", "已到现场复查，隐患已消除。"),
        ("照片看得清，已整改好", "从整改后的照片看，隐患已消除。请保持。"),
    ),
    Move.SEND_BACK: (
        ("照片看不清", "整改后的照片看不清是不是整改好了，请从和整改前同一角度再拍一张。"),
        ("没有整改彻底", "现场还有隐患，请继续整改后再提交。"),
    ),
    Move.GRANT_EXTENSION: (("同意，做好防护", "同意延期。整改好以前请做好防护，挂警示标志。"),),
    Move.REFUSE_EXTENSION: (("不同意，尽快整改", "这条隐患有危险，不能再等，请按原期限整改。"),),
    Move.DROP: (("经核实不是隐患", "经核实，这里不构成隐患，不用整改。"),),
    Move.UPHOLD: (("仍是隐患", "经核实，这里仍有隐患，请按整改建议整改。"),),
}
"""The ready replies that a union starts with, for the moves that have one."""
