"""Add content checks."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "safety_verdicts",
        sa.Column("trace_id", sa.String(length=200), nullable=False),
        sa.Column("suggest", sa.String(length=10), nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("trace_id", name=op.f("pk_safety_verdicts")),
    )
    op.create_index(op.f("ix_safety_verdicts_received_at"), "safety_verdicts", ["received_at"], unique=False)
    op.create_table(
        "safety_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "report",
                "answer",
                "reopening",
                "photo",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "asked",
                "passed",
                "held",
                "released",
                "unchecked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("suggest", sa.String(length=10), nullable=True),
        sa.Column("label", sa.Integer(), nullable=True),
        sa.Column("trace_id", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release_reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'released') = (release_reason IS NOT NULL)", name=op.f("ck_safety_checks_released_for_a_reason")
        ),
        sa.CheckConstraint(
            "(state = 'released') = (released_by_id IS NOT NULL)", name=op.f("ck_safety_checks_released_by_somebody")
        ),
        sa.CheckConstraint(
            "state <> 'unchecked' OR reason IS NOT NULL", name=op.f("ck_safety_checks_unchecked_for_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('held', 'released') OR suggest IN ('review', 'risky')",
            name=op.f("ck_safety_checks_held_for_cause"),
        ),
        sa.ForeignKeyConstraint(["released_by_id"], ["people.id"], name=op.f("fk_safety_checks_released_by_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_safety_checks_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_checks")),
        sa.UniqueConstraint("subject_id", "source", name=op.f("uq_safety_checks_subject_id_source")),
    )
    op.create_index(
        "ix_safety_checks_held",
        "safety_checks",
        ["submission_id"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index("ix_safety_checks_submission", "safety_checks", ["submission_id", "id"], unique=False)
    op.create_index(op.f("ix_safety_checks_trace_id"), "safety_checks", ["trace_id"], unique=False)
