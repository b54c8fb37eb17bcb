"""Find hazards by their place, for the map."""

from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_hazards_place", "hazards", ["latitude", "longitude"])
