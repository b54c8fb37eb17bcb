"""Files and photos of rows of any slice."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attached_files",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(30), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(60), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("uploaded_by_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column(
            "state",
            sa.Enum("received", "ready", "damaged", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attached_files")),
        sa.CheckConstraint("position >= 0", name=op.f("ck_attached_files_position_not_negative")),
        sa.CheckConstraint("size > 0", name=op.f("ck_attached_files_size_positive")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_attached_files_sha256_length")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["people.id"], name=op.f("fk_attached_files_uploaded_by_id_people")
        ),
    )
    op.create_index("ix_attached_files_subject", "attached_files", ["subject", "subject_id", "position"])
    op.create_index("ix_attached_files_object_id", "attached_files", ["object_id"])
    op.create_index("ix_attached_files_uploaded_by_id", "attached_files", ["uploaded_by_id"])
