"""What a rota was arranged of, and what came of it, so that anybody can arrange it again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "supervision_arrangements",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("setting", JSON, nullable=False),
        sa.Column("rota", JSON, nullable=False),
        sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["supervision_plans.id"], name=op.f("fk_supervision_arrangements_plan_id_supervision_plans")
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_supervision_arrangements")),
    )
