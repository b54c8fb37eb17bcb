"""What assignments and their recipients are called."""

from collections.abc import Mapping

from server.assignments.dispatch.models import AssignmentStatus, Checker, ReceiptChannel, RecipientStatus

ASSIGNMENT_STATUS_NAMES: Mapping[AssignmentStatus, str] = {
    AssignmentStatus.DRAFT: "草稿",
    AssignmentStatus.SENDING: "发送中",
    AssignmentStatus.SENT: "已发出",
    AssignmentStatus.WITHDRAWN: "已撤回",
    AssignmentStatus.REPLACED: "已被替代",
    AssignmentStatus.CLOSED: "已结束",
}

ASSIGNMENT_CHIPS: Mapping[AssignmentStatus, str] = {
    AssignmentStatus.DRAFT: "plain",
    AssignmentStatus.SENDING: "warn",
    AssignmentStatus.SENT: "brand",
    AssignmentStatus.WITHDRAWN: "plain",
    AssignmentStatus.REPLACED: "plain",
    AssignmentStatus.CLOSED: "ok",
}

STATUS_NAMES: Mapping[RecipientStatus, str] = {
    RecipientStatus.SENT: "待签收",
    RecipientStatus.RECEIVED: "已签收",
    RecipientStatus.BEGUN: "填写中",
    RecipientStatus.SUBMITTED: "已提交",
    RecipientStatus.RETURNED: "退回修改",
    RecipientStatus.ACCEPTED: "审核通过",
    RecipientStatus.WITHDRAWN: "已撤回",
}

CHIPS: Mapping[RecipientStatus, str] = {
    RecipientStatus.SENT: "warn",
    RecipientStatus.RECEIVED: "brand",
    RecipientStatus.BEGUN: "brand",
    RecipientStatus.SUBMITTED: "brand",
    RecipientStatus.RETURNED: "danger",
    RecipientStatus.ACCEPTED: "ok",
    RecipientStatus.WITHDRAWN: "plain",
}

ENDED_WORDS: Mapping[AssignmentStatus, str] = {
    AssignmentStatus.WITHDRAWN: "发出的工会已经撤回，不用再办。",
    AssignmentStatus.REPLACED: "已经换成新的一份，这一份不用再办。",
    AssignmentStatus.CLOSED: "发出的工会已经结束收集，不能再交。",
}
"""Why nothing can be done for what ended, as its recipients read it."""

CHECKER_NAMES: Mapping[Checker, str] = {Checker.SENDER: "本级审核", Checker.NOBODY: "不审核，交来就算完成"}
CHANNEL_NAMES: Mapping[ReceiptChannel, str] = {ReceiptChannel.CONSOLE: "电脑", ReceiptChannel.PHONE: "手机"}


def say_urged(count: int) -> str:
    """What whoever urged is told."""
    return f"已催办 {count} 个单位。" if count else "没有要催的：都办完了，或者今天已经催过。"
