"""Add saved filters, and batches of decisions made together."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_saved_filters_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_filters_person_id_name")),
    )
    op.create_table(
        "triage_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column(
            "move",
            sa.Enum(
                "create",
                "submit",
                "claim",
                "release",
                "return",
                "answer",
                "accept",
                "accept_in_part",
                "decline",
                "mark_duplicate",
                "pass_up",
                "pass_down",
                "reopen",
                "withdraw",
                "note",
                "disclose",
                name=op.f("ck_triage_batches_move"),
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["people.id"], name=op.f("fk_triage_batches_actor_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_triage_batches")),
    )
    op.create_index(op.f("ix_triage_batches_made_at"), "triage_batches", ["made_at"], unique=False)
    op.create_table(
        "triage_items",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("undo_refusal", sa.Text(), nullable=True),
        sa.CheckConstraint("(version IS NULL) = (refusal IS NOT NULL)", name=op.f("ck_triage_items_done_or_refused")),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["triage_batches.id"],
            name=op.f("fk_triage_items_batch_id_triage_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_triage_items_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "submission_id", name=op.f("pk_triage_items")),
    )
    op.create_index(op.f("ix_triage_items_submission_id"), "triage_items", ["submission_id"], unique=False)
