"""Units of a run in the order of their ranks."""

from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_assessed_units_rank", "assessed_units", ["assessment_id", "rank", "id"])
