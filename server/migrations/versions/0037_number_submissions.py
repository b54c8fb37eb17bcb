"""Numbers that people read out, like 2026-000123Y: a series a year, a range drawn by chance for anonymous reports."""

import sqlalchemy as sa
from alembic import op

from server.migrations.checks import add_checked_column, replace_check

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

CHECK = "ck_submissions_numbered_when_arrived"
DRAWN_FROM = 500_000  # where the range of drawn numbers begins

# What arrived is numbered in its order within the year of Shanghai; the anonymous by chance. Both know these functions.
_RANKED = """
SELECT id, kind, is_anonymous, year, row_number() OVER (
  PARTITION BY year, is_anonymous ORDER BY CASE WHEN is_anonymous THEN NULL ELSE arrived_at END, chance
) AS place
FROM (SELECT id, kind, is_anonymous, arrived_at, {year} AS year, random() AS chance
      FROM submissions WHERE arrived_at IS NOT NULL) AS arrived
"""
_YEARS = {
    "sqlite": "CAST(strftime('%Y', arrived_at, '+8 hours') AS INTEGER)",
    "postgresql": "CAST(to_char(arrived_at AT TIME ZONE 'Asia/Shanghai', 'YYYY') AS INTEGER)",
}
_SIX = {"sqlite": "printf('%06d', {place})", "postgresql": "lpad(CAST({place} AS TEXT), 6, '0')"}
_LETTER = "CASE kind WHEN 'hazard' THEN 'Y' ELSE 'J' END"
_PLACE = f"CASE WHEN is_anonymous THEN place + {DRAWN_FROM - 1} ELSE place END"


def upgrade() -> None:
    """Whatever has arrived gets its number."""
    op.create_table(
        "number_series",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_number_series"),
    )
    op.create_table(
        "drawn_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("year", "number", name="pk_drawn_numbers"),
    )
    add_checked_column("submissions", "number VARCHAR(16)", CHECK, "number IS NULL OR arrived_at IS NOT NULL")
    _number()
    replace_check("submissions", CHECK, "(number IS NULL) = (arrived_at IS NULL)")
    op.create_index("uq_submissions_number", "submissions", ["number"], unique=True)


def _number() -> None:
    dialect = op.get_context().dialect.name
    op.execute(f"CREATE TEMPORARY TABLE numbered AS {_RANKED.format(year=_YEARS[dialect])}")
    numbered = sa.table("numbered", *(sa.column(name) for name in ("id", "kind", "year", "place")))
    is_anonymous = sa.column("is_anonymous", sa.Boolean())
    submissions = sa.table("submissions", sa.column("id"), sa.column("arrived_at"), sa.column("number"))
    written: sa.ColumnElement[str] = sa.literal_column(
        f"year || '-' || {_SIX[dialect].format(place=_PLACE)} || {_LETTER}"
    )
    given = sa.select(written).select_from(numbered).where(numbered.c.id == submissions.c.id).scalar_subquery()
    op.execute(submissions.update().where(submissions.c.arrived_at.is_not(None)).values(number=given))
    counted = sa.select(numbered.c.year, sa.func.count()).where(~is_anonymous).group_by(numbered.c.year)
    op.execute(
        sa.table("number_series", sa.column("year"), sa.column("last")).insert().from_select(["year", "last"], counted)
    )
    drawn = sa.select(numbered.c.year, sa.literal_column(_PLACE)).select_from(numbered).where(is_anonymous)
    op.execute(
        sa.table("drawn_numbers", sa.column("year"), sa.column("number"))
        .insert()
        .from_select(["year", "number"], drawn)
    )
    op.execute("DROP TABLE numbered")
