"""Areas and equipment of enterprises, each with a code that is scanned."""

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

LEVELS = ("city", "district", "town", "enterprise")


def upgrade() -> None:
    op.create_table(
        "locations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("area", "equipment", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("whereabouts", sa.String(100), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.CheckConstraint("enterprise_id IS NOT NULL", name=op.f("ck_locations_at_an_enterprise")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_locations_name_not_empty")),
        *(
            sa.ForeignKeyConstraint([f"{level}_id"], ["unions.id"], name=op.f(f"fk_locations_{level}_id_unions"))
            for level in LEVELS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_locations")),
        sa.UniqueConstraint("code", name=op.f("uq_locations_code")),
    )
    op.create_index("uq_locations_once", "locations", ["enterprise_id", "name", "whereabouts"], unique=True)
    for level in LEVELS:
        op.create_index(f"ix_locations_{level}", "locations", [f"{level}_id", "id"])
