"""Why an answer that was accepted is corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("responses", sa.Column("correction", sa.String(length=500), nullable=True))
    op.add_column("response_versions", sa.Column("correction", sa.String(length=500), nullable=True))
