"""Writes of long sheets: asked for, counted on while they are written, ready, or failed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.core import ids
from server.core.jobs.actions import enqueue
from server.kit.exports.books.declared import AskedBook
from server.kit.exports.models import ExportState, ListExport
from server.kit.exports.papers.sets import PickedPapers
from server.kit.exports.queries import kept_query
from server.unions.actor import Actor

WRITE_JOB, PAPERS_JOB = "exports.write_list", "exports.make_papers"
HOLDS = timedelta(hours=24)
SAME_FOR = timedelta(minutes=10)
"""Who asks for the same again within this time is led to the sheet that is on its way."""


def ask_for_export(
    session: Session,
    list_name: str,
    query: str,
    *,
    actor: Actor,
    now: datetime,
    papers: PickedPapers | AskedBook | None = None,
) -> UUID:
    """Have a job write the list as the actor may see it at this moment, papers of rows that were picked from it, or a
    book about one thing. Returns the id of the file to come."""
    roles, kept = roles_of(actor), papers.to_kept() if papers is not None else None
    for known in session.scalars(
        select(ListExport).where(
            ListExport.person_id == actor.person_id,
            ListExport.list_name == list_name,
            ListExport.query == query,
            ListExport.state == ExportState.WRITING,
            ListExport.requested_at > now - SAME_FOR,
        )
    ):
        if known.roles == roles and known.papers == kept:
            return known.id
    export_id = ids.new_id()
    session.add(
        ListExport(
            id=export_id, person_id=actor.person_id, list_name=list_name, query=query, roles=roles,
            papers=kept, state=ExportState.WRITING, requested_at=now, expires_at=now + HOLDS,
        )
    )  # fmt: skip
    session.flush()
    enqueue(session, PAPERS_JOB if isinstance(papers, PickedPapers) else WRITE_JOB, export_id=export_id)
    return export_id


def roles_of(actor: Actor) -> dict[str, str]:
    """The roles of an actor as they are kept with a sheet."""
    return {f"{role_at.role.value}@{role_at.union_id}": role_at.level.value for role_at in actor.roles}


def note_progress(session: Session, export_id: UUID, *, written: int | None = None, total: int | None = None) -> None:
    """Keep how far the job has come."""
    export = session.get(ListExport, export_id, with_for_update=True)
    if export is not None:
        export.written = export.written if written is None else written
        export.total = export.total if total is None else total
        session.flush()


def finish_export(session: Session, export_id: UUID, state: ExportState, *, now: datetime) -> bool:
    """The sheet is there, or will never be: whom one looked for is forgotten. False if nobody waits for it any more."""
    export = session.get(ListExport, export_id, with_for_update=True)
    if export is None:
        return False
    export.state, export.expires_at, export.query = state, now + HOLDS, kept_query(export)
    session.flush()
    return True


def drop_expired(session: Session, now: datetime) -> None:
    """Sheets are data that left their tables: they do not lie about for longer than a day."""
    session.execute(delete(ListExport).where(ListExport.expires_at < now))
