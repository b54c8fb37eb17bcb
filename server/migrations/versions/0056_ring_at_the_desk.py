"""What reviewers are told leads to a page of the console."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

AT_DESK = sa.text("desk IS NOT NULL")


def upgrade() -> None:
    op.add_column("inbox_messages", sa.Column("desk", sa.String(200), nullable=True))
    op.create_index(
        "ix_inbox_messages_desk", "inbox_messages", ["person_id", "id"], sqlite_where=AT_DESK, postgresql_where=AT_DESK
    )
