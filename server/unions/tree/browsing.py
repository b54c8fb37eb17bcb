"""Reads of the tree for the console's browser."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.unions.actor import Actor, in_scope
from server.unions.roles import CONSOLE, Level
from server.unions.tree.models import Union
from server.unions.tree.rules import OWN_COLUMN


def list_tops(session: Session, actor: Actor) -> list[Union]:
    """The unions at which the actor holds roles, the highest first; where their browser starts."""
    held = {role.union_id for role in actor.roles}
    found = session.scalars(select(Union).where(Union.id.in_(held))).all()
    return sorted(found, key=lambda union: (list(Level).index(union.level), union.name))


def list_ancestors(session: Session, union: Union, actor: Actor) -> list[Union]:
    """The way from the top of the actor's scope down to the parent of `union`."""
    wanted = [getattr(union, column) for column in OWN_COLUMN.values()]
    above = [union_id for union_id in wanted if union_id is not None and union_id != union.id]
    found = session.scalars(select(Union).where(Union.id.in_(above), in_scope(actor, Union, CONSOLE))).all()
    return sorted(found, key=lambda one: list(Level).index(one.level))
