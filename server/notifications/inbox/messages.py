"""What a worker is told of each step: what happened, what comes next, by when. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.review.submissions.models import Kind
from server.review.submissions.texts import due_text, union_label


@dataclass(frozen=True, slots=True)
class SubmissionMessage:
    """A step as far as its message tells it: `text` is the reviewer's public words, `union_name` who answers now."""

    excerpt: str
    union_name: str
    text: str | None = None
    grade_name: str | None = None
    due_at: datetime | None = None
    kind: Kind = Kind.HAZARD
    in_part: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A title of at most 60 characters, and a body."""

    title: str
    body: str


def _promise(happening: SubmissionMessage) -> str:
    who = f"由{union_label(happening.union_name)}审核"
    return f"{who}，最晚 {due_text(happening.due_at)} 答复你。" if happening.due_at else f"{who}。"


def _arrived(happening: SubmissionMessage) -> Message:
    if happening.kind is Kind.SUGGESTION:
        return Message("已收到你的建议", f"“{happening.excerpt}”已收到，{_promise(happening)}")
    return Message("已收到你的隐患", f"“{happening.excerpt}”的照片都收到了，{_promise(happening)}")


def _returned(happening: SubmissionMessage) -> Message:
    question = happening.text or "请补充一些情况。"
    return Message("请你补充一下", f"关于“{happening.excerpt}”，审核员想问：{question}\n点开就能回答，也可以补拍照片。")


def _answered(happening: SubmissionMessage) -> Message:
    return Message("已收到你的补充", f"“{happening.excerpt}”接着审核，{_promise(happening)}")


def _accepted(happening: SubmissionMessage) -> Message:
    if happening.kind is Kind.SUGGESTION:
        return _adopted(happening)
    grade = f"，定为{happening.grade_name}隐患" if happening.grade_name else ""
    thanks = happening.text or "谢谢你的发现，工会会督促整改。"
    return Message("你的隐患已受理", f"“{happening.excerpt}”已受理{grade}。{thanks}")


def _adopted(happening: SubmissionMessage) -> Message:
    how = "部分采纳" if happening.in_part else "采纳"
    thanks = happening.text or "谢谢你的建议，工会会督促落实。"
    return Message(f"你的建议已{how}", f"“{happening.excerpt}”已{how}。{thanks}")


def _declined(happening: SubmissionMessage) -> Message:
    how = "采纳" if happening.kind is Kind.SUGGESTION else "受理"
    return Message(f"这次没有{how}", f"“{happening.excerpt}”没有{how}。原因：{happening.text or '见详情。'}")


def _duplicate(happening: SubmissionMessage) -> Message:
    if happening.kind is Kind.SUGGESTION:
        thanks = happening.text or "谢谢你的建议。"
        return Message("已有人提过同样的建议", f"“{happening.excerpt}”和另一条是同一件事，会一并处理。{thanks}")
    thanks = happening.text or "谢谢你的发现。"
    return Message("已有人报过同一处", f"“{happening.excerpt}”和另一条是同一处隐患，会一并处理。{thanks}")


def _passed(happening: SubmissionMessage) -> Message:
    to = union_label(happening.union_name)
    by = f"，最晚 {due_text(happening.due_at)} 答复你" if happening.due_at else ""
    return Message("已转交处理", f"“{happening.excerpt}”转给{to}审核{by}。")


def _reopened(happening: SubmissionMessage) -> Message:
    return Message("正在重新审核", f"“{happening.excerpt}”之前的处理结果已收回，{_promise(happening)}")


def _requeued(happening: SubmissionMessage) -> Message:
    return Message("你的内容接着单独审核", f"“{happening.excerpt}”：{happening.text or ''}{_promise(happening)}")


def _relinked(happening: SubmissionMessage) -> Message:
    return Message("改并到另一条一起处理", f"“{happening.excerpt}”：{happening.text or ''}")


def _disclosed(happening: SubmissionMessage) -> Message:
    reason = happening.text or "见详情。"
    return Message(
        "市总工会查看了你的姓名", f"你匿名提交的“{happening.excerpt}”，市总工会查看了你的姓名。理由：{reason}"
    )


MESSAGES: Mapping[str, Callable[[SubmissionMessage], Message]] = {
    "submission.arrived": _arrived,
    "submission.returned": _returned,
    "submission.answered": _answered,
    "submission.accepted": _accepted,
    "submission.declined": _declined,
    "submission.marked_duplicate": _duplicate,
    "submission.passed": _passed,
    "submission.reopened": _reopened,
    "submission.disclosed": _disclosed,
    "submission.requeued": _requeued,
    "submission.relinked": _relinked,
}
"""By event. Nobody is told that they withdrew something themselves."""
