"""What enterprises have that decides which checks concern them."""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_STANDING = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "union_traits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("trait", sa.String(length=40), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=False),
        sa.Column("answered_at", _AT, nullable=False),
        sa.Column("replaced_at", _AT, nullable=True),
        sa.CheckConstraint(
            "replaced_at IS NULL OR replaced_at >= answered_at", name=op.f("ck_union_traits_replaced_after_answered")
        ),
        sa.ForeignKeyConstraint(["union_id"], ["unions.id"], name=op.f("fk_union_traits_union_id_unions")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_union_traits_answered_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_union_traits")),
    )
    op.create_index(
        "uq_union_traits_standing", "union_traits", ["union_id", "trait"], unique=True,
        sqlite_where=_STANDING, postgresql_where=_STANDING,
    )  # fmt: skip
    op.create_index("ix_union_traits_union", "union_traits", ["union_id", "answered_at"])
    op.create_index("ix_union_traits_answered_by", "union_traits", ["answered_by_id"])
