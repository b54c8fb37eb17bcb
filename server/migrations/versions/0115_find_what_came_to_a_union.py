"""What climbed to a union, found by the union."""

from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_escalations_union", "escalations", ["union_id", "overdue_id"])
