"""Who has looked at the after-photos of a rectification, as it was then, before concluding on several at once."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rectification_looks",
        sa.Column("rectification_id", sa.Uuid(), nullable=False),
        sa.Column("seen_by_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("rectification_id", "seen_by_id", "version", name=op.f("pk_rectification_looks")),
        sa.ForeignKeyConstraint(
            ["rectification_id"],
            ["rectifications.id"],
            name=op.f("fk_rectification_looks_rectification_id_rectifications"),
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["people.id"], name=op.f("fk_rectification_looks_seen_by_id_people")),
    )
