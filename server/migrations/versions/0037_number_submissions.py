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
    letter = "CASE kind WHEN 'hazard' THEN 'Y' ELSE 'J' END"
    written = f"year || '-' || {_SIX[dialect].format(place=_PLACE)} || {letter}"
    op.execute(
        f"UPDATE submissions SET number = (SELECT {written} FROM numbered WHERE numbered.id = submissions.id)"  # noqa: S608 (our own words)
        " WHERE arrived_at IS NOT NULL"
    )
    op.execute(
        "INSERT INTO number_series (year, last)"
        " SELECT year, count(*) FROM numbered WHERE NOT is_anonymous GROUP BY year"
    )
    op.execute(
        f"INSERT INTO drawn_numbers (year, number) SELECT year, {_PLACE} FROM numbered WHERE is_anonymous"  # noqa: S608 (our own words)
    )
    op.execute("DROP TABLE numbered")
