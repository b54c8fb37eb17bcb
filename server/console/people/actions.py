"""Who looked for whom is on record."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.core.audit.actions import record
from server.unions.actor import Actor


def note_number_search(session: Session, found: Sequence[UUID], *, actor: Actor, now: datetime) -> None:
    """Somebody searched by a whole number, which tells whose it is."""
    record(
        session, "person.searched_by_number", subject_type="person", subject_id=found[0] if found else "unknown",
        actor_id=actor.person_id, at=now, detail={"found": len(found)},
    )  # fmt: skip


def note_found(session: Session, found: Sequence[UUID], *, actor: Actor, now: datetime) -> None:
    """Somebody found these people by the search over everything: a row each, so that it stands where they are."""
    for person_id in found:
        record(
            session, "person.found_by_name", subject_type="person", subject_id=person_id, actor_id=actor.person_id,
            at=now,
        )  # fmt: skip
