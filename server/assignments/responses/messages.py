"""What reviewers are told of answers: that some came, and what became of their own. No words of others are in them."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.dispatch.messages import phone_page
from server.assignments.dispatch.models import Assignment, Recipient
from server.assignments.responses.answering.naming import list_answerers
from server.core.clock import day_of
from server.core.messages import GroupMessage, Message, PersonalMessage, WechatNotice
from server.core.text import quoted
from server.kit.occasions import Occasion
from server.kit.workflow import Step
from server.review.submissions.texts import day_text
from server.unions.people.queries import list_reviewers


def submitted(session: Session, assignment: Assignment, step: Step) -> GroupMessage:
    """That answers came, to the reviewers who check them: once a day, for there may be thousands."""
    body = f"{quoted(assignment.title)}有单位提交了，请审核。"
    return GroupMessage(
        people=list_reviewers(session, assignment.sender_id, but=step.actor_id),
        key=f"task:in:{assignment.id.hex}:{day_of(step.at):%y%m%d}",
        message=Message("有填报等您审核", body),
        desk=f"/console/tasks/check?assignment={assignment.id}",
    )


def named(session: Session, assignment: Assignment, row: Recipient, step: Step) -> Iterator[PersonalMessage]:
    """That they answer from now on, or somebody else does; not to whoever said so."""
    until = f"请在 {day_text(row.due_at)} 前填好。" if row.due_at and row.due_at > step.at else "请尽快填好。"
    chosen = Message("请您填报", f"{quoted(assignment.title)}由您填报，{until}")
    freed = Message("填报换了人", f"{quoted(assignment.title)}不再由您一个人填报。")
    reviewers = set(list_reviewers(session, row.union_id, but=step.actor_id))
    for key, message, outcome in (("named_id", chosen, "请办理"), ("before_id", freed, "换了人")):
        person_id = UUID(step.said.data[key]) if step.said.data[key] else None
        if person_id in reviewers:
            yield _to_one(assignment, row, step, person_id, message, outcome)


def accepted(session: Session, assignment: Assignment, row: Recipient, step: Step) -> Iterator[PersonalMessage]:
    """That it is done."""
    body = f"{quoted(assignment.title)}审核通过了。"
    return _to_recipient(session, assignment, row, step, Message("填报审核通过", body), "审核通过")


def returned(session: Session, assignment: Assignment, row: Recipient, step: Step) -> Iterator[PersonalMessage]:
    """That it is to be corrected, and how many places."""
    count = step.said.data["remark_count"]
    places = f"有 {count} 处要改，" if count else ""
    until = f"请在 {day_text(row.due_at)} 前改好再交。" if row.due_at and row.due_at > step.at else "请尽快改好再交。"
    message = Message("填报退回修改", f"{quoted(assignment.title)}退回修改，{places}{until}")
    return _to_recipient(session, assignment, row, step, message, "退回修改")


def _to_recipient(
    session: Session, assignment: Assignment, row: Recipient, step: Step, message: Message, outcome: str
) -> Iterator[PersonalMessage]:
    """To whoever answers for the union that was asked, at the console and on the phone; not to whoever decided."""
    for person_id in list_answerers(session, row):
        if person_id != step.actor_id:
            yield _to_one(assignment, row, step, person_id, message, outcome)


def _to_one(
    assignment: Assignment, row: Recipient, step: Step, person_id: UUID, message: Message, outcome: str
) -> PersonalMessage:
    number = step.said.data.get("number")
    which = f"{row.id.hex}:{number}" if number is not None else step.id.hex
    return PersonalMessage(
        person_id=person_id,
        key=f"task:{step.move}:{which}:{person_id.hex}",
        message=message,
        target=f"task:{row.id}",
        desk=f"/console/tasks/{row.id}",
        what=assignment.title,
        by_wechat=WechatNotice(f"task.{step.move}", Occasion.DESK, outcome, phone_page(row.id)),
    )
