"""Choosing what goes into what is compiled, and in which order."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from server.assignments.dispatch.models import Assignment
from server.assignments.dispatch.queries import get_assignment, sends_for
from server.assignments.excerpts.models import Excerpt
from server.assignments.excerpts.queries import excerpts_of, form_of, is_passage
from server.assignments.excerpts.schemas import MOST_PASSAGES
from server.assignments.rollup.counting.accepted import read_reported
from server.core import ids
from server.core.audit.actions import record
from server.core.errors import Forbidden, Invalid, NotFound
from server.unions.actor import Actor


def pick_passages(
    session: Session, assignment_id: UUID, wanted: Collection[tuple[UUID, str]], *, actor: Actor, now: datetime
) -> int:
    """Put passages (recipient and field) behind those that are picked. Returns how many are new. Raises Invalid for
    what no accepted answer says, and for too many."""
    assignment = _hold(session, assignment_id, actor)
    known = excerpts_of(session, assignment_id)
    fields = form_of(session, assignment).fields()
    passages, reported = {each.key for each in fields if is_passage(each)}, read_reported(session, assignment)
    new = [each for each in dict.fromkeys(wanted) if each not in known]
    if not all(recipient in reported.versions and field in passages for recipient, field in new):
        raise Invalid("有的段落已经不在了，请刷新后再选。")
    if len(known) + len(new) > MOST_PASSAGES:
        raise Invalid(f"最多选 {MOST_PASSAGES} 段。")
    last = max((each.place for each in known.values()), default=0)
    for place, (recipient_id, field) in enumerate(new, last + 1):
        session.add(
            Excerpt(
                id=ids.new_id(), assignment_id=assignment_id, recipient_id=recipient_id, field=field, place=place,
                picked_by_id=actor.person_id, picked_at=now,
            )
        )  # fmt: skip
    session.flush()
    if new:
        record(
            session, "excerpt.picked", subject_type="assignment", subject_id=assignment_id, actor_id=actor.person_id,
            at=now, detail={"passages": len(new)},
        )  # fmt: skip
    return len(new)


def change_excerpt(
    session: Session, excerpt_id: UUID, change: Literal["up", "down", "off"], *, actor: Actor, now: datetime
) -> UUID:
    """Move a passage by one within its part, or take it out. Returns the assignment. Raises NotFound."""
    found = session.get(Excerpt, excerpt_id)
    if found is None:
        raise NotFound
    assignment = _hold(session, found.assignment_id, actor)
    picks = excerpts_of(session, assignment.id).values()
    if found not in picks:  # another window took it out while this one waited
        raise NotFound
    if change == "off":
        session.delete(found)
        record(
            session, "excerpt.dropped", subject_type="assignment", subject_id=assignment.id,
            actor_id=actor.person_id, at=now,
        )  # fmt: skip
    else:
        parts = {each.key: section.key for section in form_of(session, assignment).sections for each in section.fields}
        beside = [each for each in picks if parts[each.field] == parts[found.field]]
        at = beside.index(found)
        other = beside[max(at - 1, 0) if change == "up" else min(at + 1, len(beside) - 1)]
        found.place, other.place = other.place, found.place
    session.flush()
    return assignment.id


def _hold(session: Session, assignment_id: UUID, actor: Actor) -> Assignment:
    """One after the other. Raises Forbidden for those above the sender, who read it alone."""
    assignment = get_assignment(session, assignment_id, actor, lock=True)
    if not sends_for(actor, assignment.sender_id):
        raise Forbidden("由下发的工会来选。")
    return assignment
