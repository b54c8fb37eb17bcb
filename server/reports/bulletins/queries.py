"""Reads of reports."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import Conflict, Forbidden, NotFound
from server.reports.bulletins.models import Bulletin
from server.reports.bulletins.permissions import MAY_READ
from server.unions.actor import SCOPE_COLUMNS, Actor, in_scope
from server.unions.tree.models import Union


def get_bulletin(session: Session, bulletin_id: UUID, actor: Actor) -> Bulletin:
    """A report on a union within the actor's subtrees. Raises NotFound."""
    found = session.scalar(select(Bulletin).where(Bulletin.id == bulletin_id, in_scope(actor, Bulletin, MAY_READ)))
    if found is None:
        raise NotFound
    return found


def find_correction(session: Session, bulletin_id: UUID) -> Bulletin | None:
    """The report that corrects it: of the same union, so whoever may read one may read the other."""
    return session.scalar(select(Bulletin).where(Bulletin.corrects_id == bulletin_id))


def get_correctable(session: Session, bulletin_id: UUID, actor: Actor, *, lock: bool = False) -> Bulletin:
    """A report that the actor can correct, held if `lock`. Raises NotFound, Forbidden where another union issued it,
    Conflict if it was corrected before: then the later one is to be corrected."""
    found = get_bulletin(session, bulletin_id, actor)
    if lock:
        session.refresh(found, with_for_update=True)
    if get_issuer(session, session.get_one(Union, found.union_id), actor).id != found.issuer_id:
        raise Forbidden("由发出它的工会更正。", code="not_issuer")
    if (later := find_correction(session, found.id)) is not None:
        raise Conflict(f"已经由 {later.number} 更正过，请更正后来的那一份。", code="corrected_already")
    return found


def get_issuer(session: Session, union: Union, actor: Actor) -> Union:
    """In whose name the actor reports on `union`: the own union whose subtree holds it. Raises NotFound."""
    for role_at in actor.roles:
        if getattr(union, SCOPE_COLUMNS[role_at.level]) == role_at.union_id:
            return session.get_one(Union, role_at.union_id)
    raise NotFound
