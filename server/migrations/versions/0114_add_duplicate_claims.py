"""What reporters say about their report being the same as another."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duplicate_claims",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_duplicate_claims")),
        sa.CheckConstraint("submission_id <> target_id", name=op.f("ck_duplicate_claims_not_itself")),
        *(
            sa.ForeignKeyConstraint(
                [column], ["submissions.id"], name=op.f(f"fk_duplicate_claims_{column}_submissions"), ondelete="CASCADE"
            )
            for column in ("submission_id", "target_id")
        ),
    )
    op.create_index(op.f("ix_duplicate_claims_target_id"), "duplicate_claims", ["target_id"])
