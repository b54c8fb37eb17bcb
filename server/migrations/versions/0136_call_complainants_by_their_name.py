"""Complainants are called so: a voice is a recording. The table is made anew, for the names of its keys to be right too."""

import sqlalchemy as sa
from alembic import op

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None

REASONS = ("person", "wrong", "offensive", "other")
COLUMNS = "id, complaint_id, person_id, reason, words, made_on"


def upgrade() -> None:
    op.create_table(
        "complainants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column(
            "reason", sa.Enum(*REASONS, name="reason", native_enum=False, length=32, create_constraint=True), nullable=False
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complainants")),
        sa.UniqueConstraint("complaint_id", "person_id", name=op.f("uq_complainants_complaint_id_person_id")),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaints.id"], name=op.f("fk_complainants_complaint_id_complaints"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_complainants_person_id_people")),
    )  # fmt: skip
    op.execute(f"INSERT INTO complainants ({COLUMNS}) SELECT {COLUMNS} FROM complaint_voices")  # noqa: S608
    op.drop_table("complaint_voices")
    op.create_index("ix_complainants_person_id", "complainants", ["person_id"])
