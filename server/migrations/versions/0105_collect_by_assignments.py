"""Forms that a kind of assignment makes itself, and denominators that came of answers."""

import sqlalchemy as sa
from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("forms", sa.Column("made_for", sa.String(20), nullable=True))
    op.create_index("uq_forms_made_for", "forms", ["union_id", "made_for"], unique=True)
    op.create_table(
        "coverage_reported",
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("denominator_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_coverage_reported_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["assignment_recipients.id"],
            name=op.f("fk_coverage_reported_recipient_id_assignment_recipients"),
        ),
        sa.ForeignKeyConstraint(
            ["denominator_id"], ["coverage_denominators.id"],
            name=op.f("fk_coverage_reported_denominator_id_coverage_denominators"),
        ),
        sa.PrimaryKeyConstraint("recipient_id", name=op.f("pk_coverage_reported")),
        sa.UniqueConstraint("denominator_id", name=op.f("uq_coverage_reported_denominator_id")),
    )  # fmt: skip
