"""Add duplicates."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "submission_follows",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=True),
        sa.Column("is_joint", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_id"],
            ["submissions.id"],
            name=op.f("fk_submission_follows_merged_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_submission_follows_person_id_people")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_follows_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_follows")),
    )
    op.create_index("ix_submission_follows_person", "submission_follows", ["person_id", "id"], unique=False)
    op.create_index(
        "ix_submission_follows_submission", "submission_follows", ["submission_id", "person_id"], unique=False
    )
    op.create_index("uq_submission_follows_merged", "submission_follows", ["merged_id", "person_id"], unique=True)
    op.create_index(
        "uq_submission_follows_own_accord",
        "submission_follows",
        ["submission_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("merged_id IS NULL"),
        postgresql_where=sa.text("merged_id IS NULL"),
    )
    op.create_table(
        "photo_copies",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column(
            "likeness",
            sa.Enum(
                "same_file", "copy", "mirrored", name="likeness", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("spots", sa.Integer(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("photo_id < other_id", name=op.f("ck_photo_copies_smaller_first")),
        sa.ForeignKeyConstraint(
            ["other_id"], ["photos.id"], name=op.f("fk_photo_copies_other_id_photos"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_copies_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", "other_id", name=op.f("pk_photo_copies")),
    )
    op.create_index(op.f("ix_photo_copies_other_id"), "photo_copies", ["other_id"], unique=False)
    op.create_table(
        "photo_prints",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("sketches", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_prints_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_prints")),
        sa.UniqueConstraint("photo_id", name=op.f("uq_photo_prints_photo_id")),
        sqlite_autoincrement=True,
    )
