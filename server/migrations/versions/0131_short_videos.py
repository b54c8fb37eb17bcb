"""A short video among the photos of a report."""

import sqlalchemy as sa
from alembic import op

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("photos", sa.Column("is_video", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("photos", sa.Column("seconds", sa.Double(), nullable=True))
