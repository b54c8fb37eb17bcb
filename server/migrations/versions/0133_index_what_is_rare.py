"""What is rare among many is found by an index of its own on SQLite too: which has no statistics, and chooses by how many
columns of an index a question names."""

import sqlalchemy as sa
from alembic import op

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at_desk = sa.text("desk IS NOT NULL")
    op.create_index(
        "ix_inbox_messages_desk_unread", "inbox_messages", ["person_id", "read_at"], sqlite_where=at_desk,
        postgresql_where=at_desk,
    )  # fmt: skip
    op.drop_index("ix_submissions_anonymous", "submissions")
    op.create_index(
        "ix_submissions_anonymous", "submissions", ["reporter_id", "is_anonymous", "id"],
        sqlite_where=sa.text("is_anonymous IS 1"), postgresql_where=sa.text("is_anonymous IS TRUE"),
    )  # fmt: skip
    op.create_index("ix_letters_issuer_id", "letters", ["issuer_id", "id"])
