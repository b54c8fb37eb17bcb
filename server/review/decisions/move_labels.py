"""The moves as the decision bar offers them: words, keys, fields. Data for pages; the rules decide which are shown."""

from collections.abc import Mapping

from server.review.submissions.kinds.registry import MoveLabel, kind_of
from server.review.submissions.models import Kind, Move

MOVE_LABELS: Mapping[Move, MoveLabel] = {
    Move.ACCEPT: MoveLabel("受理", "a", "已受理", ("reply", "note"), is_primary=True, leaves=True, can_undo=True),
    Move.ACCEPT_IN_PART: MoveLabel(
        "部分采纳", "m", "已部分采纳", ("reply", "note"), ("reply",), leaves=True, can_undo=True
    ),
    Move.RETURN: MoveLabel("请他补充", "q", "已退回补充", ("reply", "note"), ("reply",), leaves=True, can_undo=True),
    Move.DECLINE: MoveLabel("不予受理", "d", "已不予受理", ("reply", "note"), ("reply",), leaves=True, can_undo=True),
    Move.MARK_DUPLICATE: MoveLabel(
        "标为重复", "u", "已标为重复", ("target_id", "reply", "note"), ("target_id",), leaves=True, can_undo=True
    ),
    Move.PASS_UP: MoveLabel("转上级", "p", "已转上级", ("note",), ("note",), leaves=True, can_undo=True),
    Move.PASS_DOWN: MoveLabel(
        "转下级", "l", "已转下级", ("union_id", "note"), ("union_id",), leaves=True, can_undo=True
    ),
    Move.REOPEN: MoveLabel("重新审核", "e", "已重新打开", ("note",)),
    Move.CLAIM: MoveLabel("我来处理", "c", "已由您处理"),
    Move.RELEASE: MoveLabel("放回待办", "x", "已放回待办"),
    Move.DISCLOSE: MoveLabel("查看姓名", "i", "姓名已显示，职工会收到通知", ("reply",), ("reply",)),
    Move.NOTE: MoveLabel("加备注", "n", "备注已保存", ("note",), ("note",)),
}
"""In the order of the bar. Keys work while no form has the focus; grades have 1 to 4, photos the arrows, + − r o."""


def label_of(move: Move, kind: Kind) -> MoveLabel:
    """How the move is offered with submissions of that kind."""
    return kind_of(kind).labels.get(move, MOVE_LABELS[move])
