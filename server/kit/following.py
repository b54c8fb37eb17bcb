"""A union moved in the tree: the rows below it follow, a batch at a time."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.core.db import Database
from server.kit.scope import ancestors_above, is_left_behind
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union

BATCH = 500
Changes = Callable[[Union], dict[str, Any]]


def _nothing_else(_union: Union) -> dict[str, Any]:
    return {}


def follow_union(database: Database, union_id: UUID, *models: Any, also: Changes = _nothing_else) -> None:
    """Give the rows of `models` (kit.scope.AncestorColumns) below a union that moved its present ancestors, in small
    transactions; `also`: what else of them changes with it. Safe to run twice."""
    for model in models:
        more = True
        while more:
            with database.transaction() as session:
                more = follow_some(session, model, get_union(session, union_id), also) == BATCH


def follow_some(session: Session, model: Any, union: Union, also: Changes = _nothing_else) -> int:
    """One batch. Returns how many rows were mended."""
    above = ancestors_above(union)
    if not above:
        return 0
    found = session.scalars(select(model.id).where(is_left_behind(model, union)).limit(BATCH).with_for_update()).all()
    values = {**above, **also(union)}
    session.execute(
        update(model).where(model.id.in_(found)).values(values).execution_options(synchronize_session=False)
    )
    return len(found)
