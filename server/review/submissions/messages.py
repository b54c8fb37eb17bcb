"""What a worker is told of each step: what happened, what comes next, by when; what a reviewer is told of an answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.events import Event
from server.core.messages import GroupMessage, Message, MessageWriter, PersonalMessage, WechatNotice
from server.kit.occasions import Occasion
from server.review.submissions.events import (
    SubmissionAccepted,
    SubmissionAnswered,
    SubmissionArrived,
    SubmissionDeclined,
    SubmissionDisclosed,
    SubmissionEvent,
    SubmissionMarkedDuplicate,
    SubmissionPassed,
    SubmissionRelinked,
    SubmissionReopened,
    SubmissionRequeued,
    SubmissionReturned,
)
from server.review.submissions.kinds.registry import kind_of
from server.review.submissions.models import Kind, Move, Submission, SubmissionStep
from server.review.submissions.ports import say_consequences
from server.review.submissions.texts import due_text, union_label
from server.unions.campaigns.queries import campaign_facts
from server.unions.tree.queries import get_union_name


@dataclass(frozen=True, slots=True)
class SubmissionMessage:
    """A step as far as its message tells it: `text` is the reviewer's public words, `union_name` who answers now,
    `consequences` what follows from accepting it, in sentences."""

    kind: Kind
    excerpt: str
    union_name: str
    text: str | None = None
    grade_name: str | None = None
    due_at: datetime | None = None
    in_part: bool = False
    consequences: str = ""


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
    return Message(f"你的{words.name}已{how}", f"“{step.excerpt}”已{how}{grade}。{thanks}{step.consequences}")


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


WORDS: Mapping[type[SubmissionEvent], Callable[[SubmissionMessage], Message]] = {
    SubmissionArrived: _arrived,
    SubmissionReturned: _returned,
    SubmissionAnswered: _answered,
    SubmissionAccepted: _accepted,
    SubmissionDeclined: _declined,
    SubmissionMarkedDuplicate: _duplicate,
    SubmissionPassed: _passed,
    SubmissionReopened: _reopened,
    SubmissionDisclosed: _disclosed,
    SubmissionRequeued: _requeued,
    SubmissionRelinked: _relinked,
}
"""Nobody is told that they withdrew something themselves."""
BY_WECHAT: Mapping[type[SubmissionEvent], tuple[Occasion, str]] = {
    SubmissionAccepted: (Occasion.RESULT, "已受理"),
    SubmissionDeclined: (Occasion.RESULT, "未受理"),
    SubmissionMarkedDuplicate: (Occasion.RESULT, "已合并"),
    SubmissionReturned: (Occasion.QUESTION, "待补充"),
}


def _tell_reporter(session: Session, event: SubmissionEvent) -> Iterator[PersonalMessage]:
    """Once per step; not of what took back a decision that was not told, nor whoever is not there any more."""
    match event:
        case SubmissionReopened(is_quiet=True) | SubmissionRequeued(reporter_gone=True):
            return
    submission = session.get_one(Submission, event.submission_id)
    accepted = event if isinstance(event, SubmissionAccepted) else None
    grades = campaign_facts(session, submission.campaign_id).grades
    step = SubmissionMessage(
        excerpt=submission.excerpt,
        union_name=get_union_name(session, submission.routed_union_id),
        text=event.text,
        grade_name=grades.get(submission.grade) if submission.grade is not None else None,
        due_at=submission.due_at,
        kind=submission.kind,
        in_part=accepted is not None and accepted.in_part,
        consequences=say_consequences(session, submission, accepted) if accepted is not None else "",
    )
    yield PersonalMessage(
        person_id=submission.reporter_id,
        key=f"step:{event.step_id}",
        message=WORDS[type(event)](step),
        submission_id=event.submission_id,
        what=submission.excerpt,
        by_wechat=_by_wechat(event),
    )


def _by_wechat(event: SubmissionEvent) -> WechatNotice | None:
    known = BY_WECHAT.get(type(event))
    return WechatNotice(event.name, *known) if known is not None else None


def _tell_answered(session: Session, event: SubmissionAnswered) -> Iterator[PersonalMessage | GroupMessage]:
    """The reviewer who asked, too: that there is an answer, not its words, nor the minute of an anonymous one."""
    yield from _tell_reporter(session, event)
    submission = session.get_one(Submission, event.submission_id)
    asked = (
        select(SubmissionStep.actor_id)
        .where(SubmissionStep.submission_id == submission.id, SubmissionStep.move == Move.RETURN)
        .order_by(SubmissionStep.id.desc())
        .limit(1)
    )
    asker = session.scalar(asked)
    name = kind_of(submission.kind).words.name
    yield GroupMessage(
        people=[asker] if asker is not None else [],
        key=f"answered:{event.step_id}",
        message=Message("职工补充了", f"{name} {submission.number} 可以接着审核了。"),
        desk=f"/console/submissions/{submission.id}",
        day_only=submission.is_anonymous,
        by_wechat=WechatNotice(event.name, Occasion.DESK, "已补充"),
    )


MESSAGES: Mapping[type[Event], MessageWriter] = dict.fromkeys(WORDS, _tell_reporter) | {
    SubmissionAnswered: _tell_answered
}
