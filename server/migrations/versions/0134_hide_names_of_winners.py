"""Lists of winners whose names were taken down after a complaint."""

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("award_batches", "prize_pools"):
        op.add_column(table, sa.Column("names_hidden_at", sa.DateTime(timezone=True), nullable=True))
