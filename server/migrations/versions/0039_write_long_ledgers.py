"""Long ledgers of lists are written by a job and kept for a day."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

STATES = ("writing", "ready", "failed")


def upgrade() -> None:
    op.create_table(
        "list_exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("list_name", sa.String(length=30), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column(
            "roles",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="export_state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("written >= 0", name=op.f("ck_list_exports_written_not_negative")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_list_exports_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_exports")),
    )
    op.create_index(op.f("ix_list_exports_person_id"), "list_exports", ["person_id"])
    op.create_index(op.f("ix_list_exports_expires_at"), "list_exports", ["expires_at"])
