"""Remember the decision of a submission that nobody outside review has been told of yet."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("pending_step_id", sa.Uuid(), nullable=True))
