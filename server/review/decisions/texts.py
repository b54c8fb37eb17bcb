"""How the forms of reviewers' moves look and what they say, where the label of the move does not say it all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from server.review.submissions.announcing.moves import EVENTS
from server.review.submissions.kinds.registry import MoveLabel
from server.review.submissions.models import Move


@dataclass(frozen=True, slots=True)
class MoveForm:
    """The button and the panel of a move. `short` stands on the bar, `title` above the form, `send` on its button;
    `reply` and `note` are what its fields are called, `reply_hint` what becomes of a reply. Empty: as the label says.
    `is_told`: the reporter hears of it.
    """

    icon: str
    short: str = ""
    title: str = ""
    send: str = ""
    reply: str = ""
    reply_hint: str = ""
    note: str = "内部备注"
    look: str = ""
    is_told: bool = False


MOVE_FORMS: Mapping[Move, MoveForm] = {
    Move.ACCEPT: MoveForm("check", reply="答复职工", reply_hint="选填。不写的话，职工会收到结果的通知。"),
    Move.ACCEPT_IN_PART: MoveForm("circle-check", reply="采纳哪些，其余为什么不采纳", reply_hint="职工会看到。"),
    Move.RETURN: MoveForm(
        "message-question", "退回补充", "退回，请他补充", "退回补充", "要他补充什么", "职工会收到，可以补充文字和照片。"
    ),
    Move.DECLINE: MoveForm(
        "ban", reply="理由", reply_hint="职工会看到，请说明为什么、还可以怎么做。", look="btn-refuse"
    ),
    Move.MARK_DUPLICATE: MoveForm(
        "copy", "重复", reply="答复职工", reply_hint="选填。不写的话，职工会收到通知，说明已有人上报。", look="bar-less"
    ),
    Move.PASS_UP: MoveForm("arrow-bar-to-up", title="转上级工会处理", note="转上级的原因", look="bar-less"),
    Move.PASS_DOWN: MoveForm("arrow-bar-to-down", title="转下级工会处理", note="给下级工会的话", look="bar-less"),
    Move.REOPEN: MoveForm("arrow-back-up", note="为什么重新审核", look="btn-primary"),
    Move.CLAIM: MoveForm("user-check"),
    Move.RELEASE: MoveForm("arrow-back-up"),
    Move.DISCLOSE: MoveForm(
        "eye", "看姓名", "查看匿名职工的姓名", "查看并通知职工", "为什么要看姓名",
        "职工会收到消息，写明是市总工会看的和这里的理由。看过以后市总工会的审核员都能看到姓名，企业始终看不到。"
        "查看会记入审计日志。", look="bar-less",
    ),
    Move.NOTE: MoveForm("note", "备注", "加内部备注", "保存备注", note="备注", look="bar-less"),
}  # fmt: skip


def form_of_move(move: Move, label: MoveLabel) -> MoveForm:
    """The form of the move as a kind of submission calls it."""
    form = MOVE_FORMS[move]
    return replace(
        form,
        short=form.short or label.label,
        title=label.title or form.title or label.label,
        send=form.send or label.label,
        is_told=move in EVENTS,
    )
