"""Numbers without names: how many more of an enterprise were there than are on the list."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.audit.actions import record
from server.core.clock import day_of
from server.core.errors import Invalid
from server.kit.scope import ancestors_of
from server.oversight.training.check_in.corrections import find_enterprise_called, hold_open
from server.oversight.training.models import Headcount
from server.oversight.training.schemas import HeadcountIn
from server.unions.actor import Actor
from server.unions.tree.models import Union


def list_headcounts(session: Session, session_id: UUID) -> Sequence[tuple[str, int, str]]:
    """Enterprise, number and reason, by name."""
    rows = session.execute(
        select(Union.name, Headcount.people, Headcount.note)
        .join(Union, Union.id == Headcount.enterprise_id)
        .where(Headcount.session_id == session_id)
        .order_by(Union.name, Headcount.id)
    )
    return [(row.name, row.people, row.note) for row in rows]


def note_headcount(session: Session, session_id: UUID, form: HeadcountIn, *, actor: Actor, now: datetime) -> None:
    """Keep the number of an enterprise in place of the one before; 0 takes it out. Raises NotFound, Forbidden,
    Conflict, Invalid for an enterprise that is not below the organiser."""
    row = hold_open(session, session_id, actor)
    enterprise = find_enterprise_called(session, row, form.enterprise)
    if enterprise is None:
        words = "没有找到这家企业，请写全称或者简称"
        raise Invalid(words, fields={"enterprise": words})
    same = select(Headcount).where(Headcount.session_id == row.id, Headcount.enterprise_id == enterprise.id)
    found = session.scalars(same.with_for_update()).one_or_none()
    if found is not None and not form.people:
        session.delete(found)
    elif form.people:
        if found is None:
            found = Headcount(
                id=ids.new_id(), session_id=row.id, held_on=day_of(row.starts_at), **ancestors_of(enterprise)
            )
            session.add(found)
        found.people, found.note = form.people, form.reason
        found.recorded_by_id, found.recorded_at = actor.person_id, now
    session.flush()
    record(
        session, "training.headcount_noted", subject_type="training", subject_id=row.id, actor_id=actor.person_id,
        at=now, detail={"union_id": str(enterprise.id), "rows": form.people},
    )  # fmt: skip
