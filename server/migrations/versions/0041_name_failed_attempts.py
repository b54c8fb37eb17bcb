"""Call the table of failed attempts what it holds. Who has to wait goes on waiting."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "failed_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_attempts")),
    )
    op.execute("INSERT INTO failed_attempts (id, subject, origin, at) SELECT id, subject, origin, at FROM guesses")
    op.drop_table("guesses")
    op.create_index("ix_failed_attempts_subject_at", "failed_attempts", ["subject", "at"])
    op.create_index("ix_failed_attempts_origin_at", "failed_attempts", ["origin", "at"])
    op.create_index("ix_failed_attempts_at", "failed_attempts", ["at"])
