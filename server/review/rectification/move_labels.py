"""The moves as the page offers them, and whose turn it is otherwise. Data for pages; the rules decide what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.review.rectification.models import Rectification
from server.review.rectification.models import RectifyMove as Move
from server.review.rectification.models import RectifyStatus as Status
from server.review.rectification.queries import href
from server.review.rectification.rules import Snapshot, find_refusal
from server.review.rectification.transitions import Party
from server.review.rectification.views import AvailableMove, FormState
from server.review.submissions.texts import union_label
from server.unions.actor import Actor


@dataclass(frozen=True, slots=True)
class MoveLabel:
    """How a move is offered. `done` is said after it was made; `fields` beside `version`: of text, note, days, way,
    photos."""

    label: str
    icon: str
    done: str
    hint: str = ""
    text_label: str = "说明"
    fields: tuple[str, ...] = ("text",)
    kind: str = ""
    needs_text: bool = False


MOVE_LABELS: Mapping[Move, MoveLabel] = {
    Move.SUBMIT: MoveLabel(
        "提交整改结果", "camera", "整改结果已提交", "至少一张整改后的照片。提交后等待复查，期限停止计时。",
        "怎么整改的", ("text", "photos"), "btn-primary",
    ),
    Move.ACCEPT: MoveLabel("接受整改", "check", "已接受整改", "表示您会按期限整改；也可以整改好后直接提交结果。"),
    Move.ASK_EXTENSION: MoveLabel(
        "申请延期", "clock", "延期申请已提交", "由上级工会答复；答复以前仍按原期限。", "延期的理由", ("days", "text"),
        needs_text=True,
    ),
    Move.DISPUTE: MoveLabel(
        "提出异议", "flag", "异议已提交", "认为不是隐患或不归您单位整改时使用，由上级工会决定。", "异议的理由",
        needs_text=True,
    ),
    Move.CLOSE: MoveLabel(
        "复查通过，销号", "checks", "已销号", "", "复查情况（选填）", ("way", "text", "note"), "btn-primary"
    ),
    Move.SEND_BACK: MoveLabel(
        "退回继续整改", "arrow-back-up", "已退回", "", "哪里还没有整改好", ("text", "note"), needs_text=True
    ),
    Move.GRANT_EXTENSION: MoveLabel(
        "同意延期", "calendar-due", "已同意延期", "可以少给几天。", "答复（选填）", ("days", "text", "note"),
        "btn-primary",
    ),
    Move.REFUSE_EXTENSION: MoveLabel(
        "不同意延期", "x", "已答复不同意延期", "", "理由", ("text", "note"), needs_text=True
    ),
    Move.UPHOLD: MoveLabel(
        "异议不成立", "tool", "已答复，继续整改", "期限从今天起接着计时。", "理由", ("text", "note"), "btn-primary",
        needs_text=True,
    ),
    Move.DROP: MoveLabel(
        "异议成立，无需整改", "ban", "已答复，无需整改", "这条整改就此结束，报告人会收到说明。", "理由",
        ("text", "note"), needs_text=True,
    ),
    Move.NOTE: MoveLabel("加备注", "note", "备注已保存", "只有工会看得到。", "", ("note",), needs_text=True),
}  # fmt: skip
"""In the order of the page."""


def list_acts(row: Rectification, allowed: Sequence[Move], query: str, form: FormState) -> list[AvailableMove]:
    """The moves to offer; the form that was refused stands open."""
    suffix = f"?{query}" if query else ""
    return [
        AvailableMove(
            move=move,
            label=offer.label,
            icon=offer.icon,
            hint=offer.hint,
            text_label=offer.text_label,
            fields=offer.fields,
            action=f"{href(row.id)}/{move.value}{suffix}",
            kind=offer.kind,
            needs_text=offer.needs_text,
            is_open=form.move is move,
        )
        for move, offer in MOVE_LABELS.items()
        if move in allowed
    ]


def waiting_for(snapshot: Snapshot, actor: Actor, now: datetime) -> str:
    """Whose turn it is, for those who look at it."""
    who = union_label(snapshot.addressee_name)
    if snapshot.status in (Status.OPEN, Status.ACCEPTED):
        if snapshot.asked_days is not None:
            return f"{who}申请延期 {snapshot.asked_days} 个工作日，等上级工会答复。"
        if find_refusal(Move.SUBMIT, Party.ADDRESSEE, snapshot, actor, now) is None:
            return "请按整改建议在期限前整改，拍下整改后的照片提交。"
        return f"等{who}{'答复' if snapshot.status is Status.OPEN else '提交整改结果'}。"
    if snapshot.status is Status.DISPUTED:
        return f"{who}有异议，等上级工会决定。期限停止计时。"
    if snapshot.status is Status.SUBMITTED:
        refusal = find_refusal(Move.CLOSE, Party.CHECKER, snapshot, actor, now)
        return "请复查。期限停止计时。" if refusal is None else f"等待复查，期限停止计时。{refusal.message}"
    return ""
