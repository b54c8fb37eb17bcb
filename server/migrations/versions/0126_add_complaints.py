"""Complaints about what others published."""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None

LEVELS = ("city", "district", "town", "enterprise")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "complaints",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("status", _enum("status", "open", "kept", "taken_down"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.CheckConstraint("(status = 'open') = (decided_at IS NULL)", name=op.f("ck_complaints_decided_unless_open")),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_complaints_decided_by_somebody")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_complaints_union_id_unions")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_complaints_decided_by_id_people")),
        *(
            sa.ForeignKeyConstraint([f"{level}_id"], ["unions.id"], name=op.f(f"fk_complaints_{level}_id_unions"))
            for level in LEVELS
        ),
    )
    is_open = sa.text("status = 'open'")
    op.create_index(
        "uq_complaints_open", "complaints", ["subject", "subject_id"], unique=True, sqlite_where=is_open,
        postgresql_where=is_open,
    )  # fmt: skip
    op.create_index("ix_complaints_own", "complaints", ["status", "union_id", "id"])
    for level in LEVELS:
        op.create_index(f"ix_complaints_{level}", "complaints", ["status", f"{level}_id", "id"])
    op.create_table(
        "complaint_voices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", _enum("reason", "person", "wrong", "offensive", "other"), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_voices")),
        sa.UniqueConstraint("complaint_id", "person_id", name=op.f("uq_complaint_voices_complaint_id_person_id")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_voices_complaint_id_complaints"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_complaint_voices_person_id_people")),
    )  # fmt: skip
    op.create_index("ix_complaint_voices_person_id", "complaint_voices", ["person_id"])
