"""Monthly reports and bulletins."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

LEVELS = ("city", "district", "town", "enterprise")


def upgrade() -> None:
    op.create_table(
        "bulletins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("monthly", "bulletin", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("issuer_id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_bulletins_union_id_unions")),
        sa.ForeignKeyConstraint(["issuer_id"], ["unions.id"], name=op.f("fk_bulletins_issuer_id_unions")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_bulletins_campaign_id_campaigns")),
        *(
            sa.ForeignKeyConstraint([f"{level}_id"], ["unions.id"], name=op.f(f"fk_bulletins_{level}_id_unions"))
            for level in LEVELS
        ),
    )
    for level in LEVELS:
        op.create_index(f"ix_bulletins_{level}", "bulletins", [f"{level}_id", "id"])
