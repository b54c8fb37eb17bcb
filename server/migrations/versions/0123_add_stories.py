"""Hazards that were put right, shown before and after."""

import sqlalchemy as sa
from alembic import op

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None

LEVELS = ("city", "district", "town", "enterprise")


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "stories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status", _enum("status", "offered", "released", "declined", "taken_down", "retracted"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("consented", _enum("consented", "enterprise", "everybody"), nullable=False),
        sa.Column("consented_on", sa.Date(), nullable=False),
        sa.Column("category", sa.String(30), nullable=False),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("reach", _enum("reach", "enterprise", "everybody"), nullable=True),
        sa.Column("before_photo_id", sa.Uuid(), nullable=True),
        sa.Column("after_photo_id", sa.Uuid(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by_id", sa.Uuid(), nullable=True),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_stories_submission_id")),
        sa.CheckConstraint(
            "(status = 'released') = (released_at IS NOT NULL)", name=op.f("ck_stories_released_when_released")
        ),
        sa.CheckConstraint(
            "status <> 'released' OR (before_photo_id IS NOT NULL AND after_photo_id IS NOT NULL AND reach IS NOT NULL"
            " AND released_by_id IS NOT NULL)",
            name=op.f("ck_stories_released_whole"),
        ),
        sa.CheckConstraint(
            "reach IS NULL OR reach = 'enterprise' OR consented = 'everybody'", name=op.f("ck_stories_within_consent")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_stories_submission_id_submissions"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["released_by_id"], ["people.id"], name=op.f("fk_stories_released_by_id_people")),
        *(
            sa.ForeignKeyConstraint([f"{level}_id"], ["unions.id"], name=op.f(f"fk_stories_{level}_id_unions"))
            for level in LEVELS
        ),
    )
    for level in LEVELS:
        op.create_index(f"ix_stories_{level}", "stories", ["status", f"{level}_id", "id"])
    for name, column in (("everybody", "reach"), ("own", "enterprise_id")):
        shown = sa.text("status = 'released'")
        op.create_index(
            f"ix_stories_{name}", "stories", [column, "released_at", "id"], sqlite_where=shown, postgresql_where=shown
        )
