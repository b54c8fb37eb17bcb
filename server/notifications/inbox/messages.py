"""What a worker is told of each step: what happened, what comes next, by when. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from server.kit.messages import Message, about
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Kind
from server.review.submissions.texts import due_text, union_label


@dataclass(frozen=True, slots=True)
class SubmissionMessage:
    """A step as far as its message tells it: `text` is the reviewer's public words, `union_name` who answers now."""

    kind: Kind
    excerpt: str
    union_name: str
    text: str | None = None
    grade_name: str | None = None
    due_at: datetime | None = None
    in_part: bool = False


def _promise(step: SubmissionMessage) -> str:
    who = f"由{union_label(step.union_name)}审核"
    return f"{who}，最晚 {due_text(step.due_at)} 答复你。" if step.due_at else f"{who}。"


def _arrived(step: SubmissionMessage) -> Message:
    words = kind_of(step.kind).words
    return Message(f"已收到你的{words.name}", f"“{step.excerpt}”{words.received}，{_promise(step)}")


def _returned(step: SubmissionMessage) -> Message:
    question = step.text or "请补充一些情况。"
    return Message("请你补充一下", f"关于“{step.excerpt}”，审核员想问：{question}\n点开就能回答，也可以补拍照片。")


def _answered(step: SubmissionMessage) -> Message:
    return Message("已收到你的补充", f"“{step.excerpt}”接着审核，{_promise(step)}")


def _accepted(step: SubmissionMessage) -> Message:
    words = kind_of(step.kind).words
    how = f"部分{words.accept}" if step.in_part else words.accept
    grade = f"，定为{step.grade_name}{words.name}" if step.grade_name else ""
    thanks = step.text or f"{words.thanks}，{words.promise}。"
    return Message(f"你的{words.name}已{how}", f"“{step.excerpt}”已{how}{grade}。{thanks}")


def _declined(step: SubmissionMessage) -> Message:
    how = kind_of(step.kind).words.accept
    return Message(f"这次没有{how}", f"“{step.excerpt}”没有{how}。原因：{step.text or '见详情。'}")


def _duplicate(step: SubmissionMessage) -> Message:
    words = kind_of(step.kind).words
    thanks = step.text or f"{words.thanks}。"
    return Message(words.known, f"“{step.excerpt}”和另一条是{words.same}，会一并处理。{thanks}")


def _passed(step: SubmissionMessage) -> Message:
    to = union_label(step.union_name)
    by = f"，最晚 {due_text(step.due_at)} 答复你" if step.due_at else ""
    return Message("已转交处理", f"“{step.excerpt}”转给{to}审核{by}。")


def _reopened(step: SubmissionMessage) -> Message:
    return Message("正在重新审核", f"“{step.excerpt}”之前的处理结果已收回，{_promise(step)}")


def _requeued(step: SubmissionMessage) -> Message:
    return Message("你的内容接着单独审核", f"“{step.excerpt}”：{step.text or ''}{_promise(step)}")


def _relinked(step: SubmissionMessage) -> Message:
    return Message("改并到另一条一起处理", f"“{step.excerpt}”：{step.text or ''}")


def _disclosed(step: SubmissionMessage) -> Message:
    reason = step.text or "见详情。"
    return Message("市总工会查看了你的姓名", f"你匿名提交的“{step.excerpt}”，市总工会查看了你的姓名。理由：{reason}")


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

_FOLLOWED: Mapping[str, tuple[str, str]] = {
    "submission.followed": ("有工友也看到了", "有工友也在关注{}，会和你一起等结果。"),
    "submission.declined": ("你关注的这一条没有受理", "{}没有受理。"),
    "submission.left_behind": (
        "你关注的这一条撤回了",
        "{}由提交的人撤回了，工会不再处理。隐患还在的话，请你自己拍照上报。",
    ),
}


def message_to_followers(name: str, excerpt: str | None) -> Message:
    """What others hear of somebody's report, of which this may be the excerpt. It names nobody."""
    title, body = _FOLLOWED[name]
    return Message(title, body.format(about(excerpt)))
