"""What reviewers are told of, from the events alone: letters to their union, answers to its letters, what climbed up.

The console's badges and the daily digest count the same for those who have no phone linked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.clock import in_shanghai
from server.core.events import Event, subscribe
from server.kit.messages import Message
from server.notifications.inbox.actions import deliver_to_all
from server.unions.people.models import Person, RoleAssignment
from server.unions.roles import REVIEWERS


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to the reviewers of one union. Of several with the same `key` each person gets the first."""

    union_id: UUID
    key: str
    message: Message


def _letter_sent(event: Event) -> Notice:
    data = event.data
    body = f"{data['issuer_name']}发来“{data['subject']}”（{data['number']}），请在 {data['due_on']} 前答复。"
    return Notice(
        data["addressee_id"],
        f"letter:sent:{event.subject_id}",
        Message(f"收到{data['kind']}", f"{body}请在电脑上打开审核台的“一函两书”。"),
    )


def _letter_withdrawn(event: Event) -> Notice:
    body = f"{event.data['issuer_name']}撤回了“{event.data['subject']}”（{event.data['number']}），不用再答复。"
    return Notice(event.data["addressee_id"], f"letter:withdrawn:{event.subject_id}", Message("文书已撤回", body))


def _letter_answered(event: Event) -> Notice | None:
    if event.data["is_paper"]:  # taken down by the issuer
        return None
    body = f"{event.data['addressee_name']}答复了“{event.data['subject']}”（{event.data['number']}）。"
    return Notice(
        event.data["issuer_id"],
        f"letter:answered:{event.subject_id}",
        Message("文书有答复了", f"{body}请在电脑上打开审核台的“一函两书”。"),
    )


def _climbed(event: Event) -> Notice:
    """One message a day, whatever the number: the list tells the rest."""
    union_id: UUID = event.data["union_id"]
    message = Message("有逾期事项升级到您这里", "下级逾期没有办理的事项已经升级，请在电脑上打开审核台的“调度”督促。")
    return Notice(union_id, f"climbed:{in_shanghai(event.at).date().isoformat()}:{union_id.hex}", message)


NOTICES: Mapping[str, Callable[[Event], Notice | None]] = {
    "letter.sent": _letter_sent,
    "letter.withdrawn": _letter_withdrawn,
    "letter.answered": _letter_answered,
    "submission.overdue": _climbed,
    "rectification.overdue": _climbed,
}


def on_notice(session: Session, event: Event) -> None:
    """Tell every reviewer of the union concerned, except who did it."""
    notice = NOTICES[event.name](event)
    if notice is None:
        return
    reviewers = (
        select(RoleAssignment.person_id)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.union_id == notice.union_id,
            RoleAssignment.role.in_(REVIEWERS),
            Person.is_active.is_(True),
        )
        .distinct()
    )
    people = [each for each in session.scalars(reviewers) if each != event.actor_id]
    deliver_to_all(session, people, notice.key, notice.message, submission_id=None, now=event.at)


def subscribe_notices() -> None:
    """Listen, by name, to escalation and to letters."""
    for name in NOTICES:
        subscribe(name, on_notice)
