"""Originals that follow the smaller copies which phones send first."""

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo_originals",
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "kept",
                "received",
                "matched",
                "differs",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("media_type", sa.String(length=20), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_photo_originals_size_positive")),
        sa.CheckConstraint(
            "(state IN ('kept', 'differs')) = (object_id IS NULL)", name=op.f("ck_photo_originals_object_when_here")
        ),
        sa.CheckConstraint(
            "(object_id IS NULL) = (received_at IS NULL)", name=op.f("ck_photo_originals_received_when_here")
        ),
        sa.CheckConstraint(
            "object_id IS NULL OR media_type IS NOT NULL", name=op.f("ck_photo_originals_media_type_when_here")
        ),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photos.id"], name=op.f("fk_photo_originals_photo_id_photos"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_photo_originals")),
    )
