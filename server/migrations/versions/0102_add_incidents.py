"""Accidents and alerts as facts that unions note down."""

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

LEVELS = ("city", "district", "town", "enterprise")


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("accident", "alert", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("deaths", sa.Integer(), nullable=False),
        sa.Column("injured", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(100), nullable=False),
        sa.Column("noted_by_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_by_id", sa.Uuid(), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_reason", sa.String(200), nullable=True),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.CheckConstraint(
            "deaths BETWEEN 0 AND 999 AND injured BETWEEN 0 AND 9999", name=op.f("ck_incidents_people_in_range")
        ),
        sa.CheckConstraint(
            "kind = 'accident' OR (deaths = 0 AND injured = 0)", name=op.f("ck_incidents_people_of_accidents")
        ),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_by_id IS NULL) AND (struck_at IS NULL) = (struck_reason IS NULL)",
            name=op.f("ck_incidents_struck_as_a_whole"),
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_incidents_union_id_unions")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["people.id"], name=op.f("fk_incidents_noted_by_id_people")),
        sa.ForeignKeyConstraint(["struck_by_id"], ["people.id"], name=op.f("fk_incidents_struck_by_id_people")),
        *(
            sa.ForeignKeyConstraint([f"{level}_id"], ["unions.id"], name=op.f(f"fk_incidents_{level}_id_unions"))
            for level in LEVELS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    stands = sa.text("struck_at IS NULL")
    op.create_index(
        "uq_incidents_once", "incidents", ["union_id", "kind", "happened_on", "words"], unique=True,
        sqlite_where=stands, postgresql_where=stands,
    )  # fmt: skip
    for level in LEVELS:
        op.create_index(f"ix_incidents_{level}", "incidents", [f"{level}_id", "happened_on", "id"])
