"""Who looked at the photos of a batch that had been used before, and when.

Lists that are published already were published without: nothing to carry over.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "award_photo_checks",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("checked_by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("batch_id", name=op.f("pk_award_photo_checks")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["award_batches.id"], name=op.f("fk_award_photo_checks_batch_id_award_batches")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["people.id"], name=op.f("fk_award_photo_checks_checked_by_id_people")
        ),
    )
