"""Letters, certificates, problems of drills and reports had not followed unions that moved: they lie where their union
lies now."""

import sqlalchemy as sa
from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None

_LEVELS = ("city_id", "district_id", "town_id", "enterprise_id")
_LEFT_BEHIND = ("letters", "training_certificates", "drill_problems", "bulletins")


def _branch(table: str) -> sa.TableClause:
    return sa.table(table, sa.column("id", sa.Uuid()), *(sa.column(level, sa.Uuid()) for level in _LEVELS))


def upgrade() -> None:
    unions = _branch("unions")
    for name in _LEFT_BEHIND:
        rows = _branch(name)
        lowest = sa.func.coalesce(rows.c.enterprise_id, rows.c.town_id, rows.c.district_id)
        moved = sa.or_(*(rows.c[level].is_distinct_from(unions.c[level]) for level in _LEVELS))
        present = {
            level: sa.select(unions.c[level]).where(unions.c.id == lowest).scalar_subquery() for level in _LEVELS
        }
        op.execute(sa.update(rows).where(sa.exists().where(unions.c.id == lowest, moved)).values(present))
