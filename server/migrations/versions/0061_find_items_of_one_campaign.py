"""Find the submissions of one campaign in a city or a district without reading those of the others."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

ARRIVED = sa.text("status <> 'incomplete'")


def upgrade() -> None:
    for level in ("city", "district"):
        orders = {
            "due": ["status", f"{level}_id", "campaign_id", "due_at", "id"],
            "all": [f"{level}_id", "campaign_id", "id"],
        }
        for name, columns in orders.items():
            op.create_index(
                f"ix_submissions_{level}_campaign_{name}", "submissions", columns, sqlite_where=ARRIVED,
                postgresql_where=ARRIVED,
            )  # fmt: skip
