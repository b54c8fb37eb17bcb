"""Call it a union's affiliation to the city federation what was called its standing."""

from alembic import op

from server.migrations.checks import replace_check

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_VALUES = "affiliation IN ('district', 'direct', 'central', 'provincial')"


def upgrade() -> None:
    op.execute("ALTER TABLE unions RENAME COLUMN standing TO affiliation")
    replace_check("unions", "ck_unions_affiliation", _VALUES, old_name="ck_unions_standing")
    replace_check(
        "unions",
        "ck_unions_affiliation_at_district_level",
        "affiliation IS NULL OR level = 'district'",
        old_name="ck_unions_standing_at_district_level",
    )
