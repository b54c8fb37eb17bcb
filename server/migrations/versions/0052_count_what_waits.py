"""Find what waits for a union by whom it is up to, at every size."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

ARRIVED, RUNNING = sa.text("status <> 'incomplete'"), sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_submissions_routed_due", "submissions")  # of what is queued alone
    op.create_index(
        "ix_submissions_routed_due",
        "submissions",
        ["status", "routed_union_id", "due_at", "id"],
        sqlite_where=ARRIVED,
        postgresql_where=ARRIVED,
    )
    op.create_index("ix_rectifications_addressee", "rectifications", ["addressee_id", "status"])
    op.create_index(
        "ix_overdue_items_climbed",
        "overdue_items",
        ["climbed_to_id", "due_at", "id"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index("ix_letters_addressee", "letters", ["addressee_id", "status", "id"])
    op.create_index("ix_letters_issuer", "letters", ["issuer_id", "status", "id"])
