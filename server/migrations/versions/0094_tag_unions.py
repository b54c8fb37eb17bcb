"""Tags of unions."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unions", sa.Column("tags", sa.String(250), nullable=True))
