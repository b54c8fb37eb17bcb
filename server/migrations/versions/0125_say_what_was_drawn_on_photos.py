"""What was drawn on a photo before it was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("is_blurred", "is_marked", "is_stamped"):
        op.add_column("photos", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
