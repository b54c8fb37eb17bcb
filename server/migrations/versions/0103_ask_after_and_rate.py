"""Reporters ask after what is overdue, and say what they think of how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

_SAID = sa.Enum(
    "satisfied", "fair", "dissatisfied", name="satisfaction", native_enum=False, create_constraint=True, length=32,
)  # fmt: skip


def upgrade() -> None:
    op.add_column("overdue_items", sa.Column("asked_on", sa.Date(), nullable=True))
    op.create_table(
        "rectification_ratings",
        sa.Column("rectification_id", sa.Uuid(), nullable=False),
        sa.Column("satisfaction", _SAID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rectification_id"], ["rectifications.id"],
            name=op.f("fk_rectification_ratings_rectification_id_rectifications"),
        ),
        sa.PrimaryKeyConstraint("rectification_id", name=op.f("pk_rectification_ratings")),
    )  # fmt: skip
