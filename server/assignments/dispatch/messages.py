"""What reviewers are told of assignments: that their union was asked, that it owes something, that it owes nothing any
more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.dispatch.kinds.registry import kind_of
from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.rules import answerers
from server.core.messages import Message, PersonalMessage, WechatNotice
from server.core.text import quoted
from server.kit.occasions import Occasion
from server.unions.people.queries import reviewers_of
from server.unions.tree.queries import get_union


@dataclass(frozen=True, slots=True)
class Told:
    """A union that is told, and its row. `named_id`: who alone is told, as long as they review there."""

    recipient_id: UUID
    union_id: UUID
    is_copy: bool = False
    named_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What each of them is told; `about` and `outcome` as WeChat has it."""

    assignment: Assignment
    message: Message
    about: str
    outcome: str


def phone_page(recipient_id: UUID) -> str:
    """Where the mini program shows a task."""
    return f"tasks/pages/task?id={recipient_id}"


def asked(session: Session, assignment: Assignment, told: Sequence[Told], *, version: int) -> Iterator[PersonalMessage]:
    """That they were asked. `version` tells one time from another."""
    label, until = kind_of(assignment.kind).label, _until(assignment.due_on)
    sender = get_union(session, assignment.sender_id).name
    wanted = _wanted(assignment, until)
    request = Message(f"收到{label}", f"{sender}发来{quoted(assignment.title)}{wanted}")
    copy = Message(f"收到{label}", f"{sender}抄送{quoted(assignment.title)}，供了解。")
    said = {
        False: _Said(assignment, request, "asked", _outcome(assignment)),
        True: _Said(assignment, copy, "asked", "抄送"),
    }
    for each, people in _people(session, told):
        yield from _to_each(each, people, f"asked:{version}", said[each.is_copy])


def withdrawn(
    session: Session, assignment: Assignment, told: Sequence[Told], *, version: int
) -> Iterator[PersonalMessage]:
    """That they owe it no more. The reason stands on its page."""
    sender, label = get_union(session, assignment.sender_id).name, kind_of(assignment.kind).label
    message = Message(f"{label}已撤回", f"{sender}撤回了{quoted(assignment.title)}，不用再办。")
    for each, people in _people(session, told):
        yield from _to_each(each, people, f"withdrawn:{version}", _Said(assignment, message, "withdrawn", "已撤回"))


def reminder(session: Session, assignment: Assignment, told: Sequence[Told], day: date) -> Iterator[PersonalMessage]:
    """That it is time."""
    label, due_on = kind_of(assignment.kind).label, assignment.due_on
    late = due_on is not None and due_on < day
    said = f"应在 {_until(due_on)} 前办好，已经过了，请尽快办理。" if late else f"请在 {_until(due_on)} 前办好。"
    message = Message(f"{label}{'已逾期' if late else '快到期了'}", f"{quoted(assignment.title)}{said}")
    saying = _Said(assignment, message, "reminded", "已逾期" if late else "快到期")
    for each, people in _people(session, told):
        yield from _to_each(each, people, f"reminded:{day:%m%d}", saying)


def urging(session: Session, assignment: Assignment, told: Sequence[Told], day: date) -> Iterator[PersonalMessage]:
    """That the sender waits for it."""
    sender, label = get_union(session, assignment.sender_id).name, kind_of(assignment.kind).label
    until = f"（截止 {_until(assignment.due_on)}）" if assignment.due_on else ""
    message = Message(f"{label}催办", f"{sender}催办{quoted(assignment.title)}{until}，请尽快办理。")
    for each, people in _people(session, told):
        yield from _to_each(each, people, f"urged:{day:%m%d}", _Said(assignment, message, "urged", "催办"))


def _people(session: Session, told: Sequence[Told]) -> Iterator[tuple[Told, Sequence[UUID]]]:
    reviewers = reviewers_of(session, [each.union_id for each in told])
    found = ((each, answerers(each.named_id, reviewers.get(each.union_id, ()))) for each in told)
    return ((each, people) for each, people in found if people)


def _to_each(told: Told, people: Sequence[UUID], step: str, said: _Said) -> Iterator[PersonalMessage]:
    for person_id in people:
        yield PersonalMessage(
            person_id=person_id, key=f"task:{step}:{told.recipient_id.hex}:{person_id.hex}", message=said.message,
            target=f"task:{told.recipient_id}", desk=f"/console/tasks/{told.recipient_id}",
            what=said.assignment.title,
            by_wechat=WechatNotice(f"task.{said.about}", Occasion.DESK, said.outcome, phone_page(told.recipient_id)),
        )  # fmt: skip


def _wanted(assignment: Assignment, until: str) -> str:
    if assignment.wants_reply:
        return f"，请在 {until} 前办好。" if until else "，请办理。"
    return "，请签收。" if assignment.wants_receipt else "。"


def _outcome(assignment: Assignment) -> str:
    if assignment.wants_reply:
        return "请办理"
    return "请签收" if assignment.wants_receipt else "请查看"


def _until(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day is not None else ""
