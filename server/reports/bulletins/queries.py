"""Reads of reports."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.core.errors import NotFound
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


def get_issuer(session: Session, union: Union, actor: Actor) -> Union:
    """In whose name the actor reports on `union`: the own union whose subtree holds it. Raises NotFound."""
    for role_at in actor.roles:
        if getattr(union, SCOPE_COLUMNS[role_at.level]) == role_at.union_id:
            return session.get_one(Union, role_at.union_id)
    raise NotFound
