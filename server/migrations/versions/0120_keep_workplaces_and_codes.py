"""Where people work too, as they say themselves; the code that a hazard's reporter scanned."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "other_workplaces",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("enterprise_id", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_other_workplaces_person_id_people")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["unions.id"], name=op.f("fk_other_workplaces_enterprise_id_unions")
        ),
        sa.PrimaryKeyConstraint("person_id", "enterprise_id", name=op.f("pk_other_workplaces")),
    )
    with op.batch_alter_table("hazards") as hazards:
        hazards.add_column(sa.Column("location_id", sa.Uuid(), nullable=True))
        hazards.create_foreign_key(op.f("fk_hazards_location_id_locations"), "locations", ["location_id"], ["id"])
    op.create_index(
        "ix_hazards_location", "hazards", ["location_id"],
        sqlite_where=sa.text("location_id IS NOT NULL"), postgresql_where=sa.text("location_id IS NOT NULL"),
    )  # fmt: skip
