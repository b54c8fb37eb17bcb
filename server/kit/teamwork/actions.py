"""Writes of teamwork. Each is on record; what was said is not in the log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Forbidden, Invalid
from server.core.events import publish
from server.kit.teamwork.events import ColleagueMentioned, ItemGiven
from server.kit.teamwork.models import Assignee, Comment
from server.kit.teamwork.queries import get_item_kind, href_of, list_colleagues, seat_over
from server.kit.teamwork.sharing import FoundItem
from server.unions.actor import Actor, RoleAt


def give_item(
    session: Session, subject: str, item_id: UUID, assignee_id: UUID | None, *, actor: Actor, now: datetime
) -> None:
    """Give an item to a colleague of the actor's union, or to nobody any more (None).

    Raises NotFound for what the actor may not see, Invalid for somebody who does not review there.
    """
    item, seat = _find(session, subject, item_id, actor)
    colleagues = {each.id: each for each in list_colleagues(session, subject, item_id, seat.union_id)}
    if assignee_id is not None and assignee_id not in colleagues:
        raise Invalid("只能交给本工会的审核员。", fields={"assignee_id": "请从列表里选"})
    if any(each.is_chosen and each.id == assignee_id for each in colleagues.values()):
        return
    theirs = (Assignee.subject == subject, Assignee.subject_id == item_id, Assignee.union_id == seat.union_id)
    session.execute(delete(Assignee).where(*theirs))
    record(
        session, "teamwork.give", subject_type=subject, subject_id=item_id, actor_id=actor.person_id, at=now,
        detail={"assignee_id": str(assignee_id) if assignee_id is not None else None},
    )  # fmt: skip
    if assignee_id is None:
        return
    assignment = Assignee(
        id=ids.new_id(), subject=subject, subject_id=item_id, union_id=seat.union_id,
        assignee_id=assignee_id, assigned_by_id=actor.person_id, assigned_at=now,
    )  # fmt: skip
    session.add(assignment)
    session.flush()
    if not actor.is_own(assignee_id):
        given = ItemGiven(
            at=now,
            actor_id=actor.person_id,
            assignment_id=assignment.id,
            assignee_id=assignee_id,
            what=item.what,
            href=href_of(subject, item_id),
        )
        publish(session, given)


def add_comment(session: Session, subject: str, item_id: UUID, text: str, *, actor: Actor, now: datetime) -> None:
    """Say something to the colleagues of the actor's union; those named by @姓名 are told.

    Raises NotFound for what the actor may not see, Forbidden for their own report.
    """
    item, seat = _find(session, subject, item_id, actor)
    if item.reporter_id is not None and actor.is_own(item.reporter_id):
        raise Forbidden("这是您自己上报的，同事之间的讨论您不能参加。", code="own_report")
    colleagues = list_colleagues(session, subject, item_id, seat.union_id)
    comment_id = ids.new_id()
    session.add(
        Comment(
            id=comment_id, subject=subject, subject_id=item_id, union_id=seat.union_id, author_id=actor.person_id,
            text=text, created_at=now,
        )
    )  # fmt: skip
    session.flush()
    record(session, "teamwork.comment", subject_type=subject, subject_id=item_id, actor_id=actor.person_id, at=now)
    for each in colleagues:
        if f"@{each.name}" in text and not actor.is_own(each.id):
            publish(
                session,
                ColleagueMentioned(
                    at=now,
                    actor_id=actor.person_id,
                    comment_id=comment_id,
                    mentioned_id=each.id,
                    what=item.what,
                    href=href_of(subject, item_id),
                ),
            )


def _find(session: Session, subject: str, item_id: UUID, actor: Actor) -> tuple[FoundItem, RoleAt]:
    item = get_item_kind(subject).find(session, item_id, actor)
    seat = seat_over(actor, item)
    if seat is None:
        raise Forbidden
    return item, seat
