"""Background work on rectifications."""

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.core.jobs.registry import JobContext, job
from server.review.rectification.models import Rectification
from server.unions.tree.models import Union
from server.unions.tree.queries import get_union
from server.unions.tree.rules import ANCESTOR_COLUMNS, OWN_COLUMN

BATCH = 500


@job("rectification.follow_union")
def follow_union(ctx: JobContext, union_id: str) -> None:
    """Give the rectifications below a union that moved its present ancestors, in small transactions."""
    more = True
    while more:
        with ctx.database.transaction() as session:
            more = _follow_some(session, get_union(session, UUID(union_id))) == BATCH


def _follow_some(session: Session, union: Union) -> int:
    """Mend up to BATCH rows. Who is to put it right stays who it was."""
    if union.level not in OWN_COLUMN:
        return 0  # rectifications do not know of teams
    own = OWN_COLUMN[union.level]
    above = {column: getattr(union, column) for column in ANCESTOR_COLUMNS[: ANCESTOR_COLUMNS.index(own)]}
    stale = or_(*(getattr(Rectification, column).is_distinct_from(value) for column, value in above.items()))
    rows = session.scalars(
        select(Rectification).where(getattr(Rectification, own) == union.id, stale).limit(BATCH).with_for_update()
    ).all()
    for row in rows:
        for column, value in above.items():
            setattr(row, column, value)
    session.flush()
    return len(rows)
