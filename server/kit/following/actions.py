"""A union moved in the tree: the rows below it follow, a batch at a time.

Nobody declares anything for it: whatever carries `server.kit.scope.AncestorColumns` follows, unless it says why not
(`stays_put`), and says itself what else of it changes with them (`when_moved`).
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core.db import Base, Database
from server.kit.scope import AncestorColumns, ancestors_above, is_left_behind
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

BATCH = 500


def following_models() -> list[Any]:
    """The models whose rows follow, by the names of their tables."""
    mapped = [mapper.class_ for mapper in Base.registry.mappers]
    carrying = [model for model in mapped if issubclass(model, AncestorColumns) and not model.stays_put]
    return sorted(carrying, key=lambda model: model.__tablename__)


def follow_union(database: Database, union_id: UUID) -> None:
    """Give all rows below a union that moved its present ancestors, in small transactions. Safe to run twice."""
    for model in following_models():
        more = True
        while more:
            with database.transaction() as session:
                more = follow_some(session, model, get_union(session, union_id)) == BATCH


def follow_some(session: Session, model: Any, union: Union) -> int:
    """One batch. Returns how many rows were mended."""
    above = ancestors_above(union)
    if not above:
        return 0
    found = session.scalars(select(model.id).where(is_left_behind(model, union)).limit(BATCH).with_for_update()).all()
    if found:
        values = {**above, **model.when_moved(union)}
        session.execute(
            update(model).where(model.id.in_(found)).values(values).execution_options(synchronize_session=False)
        )
    return len(found)
