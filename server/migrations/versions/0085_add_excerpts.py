"""Passages and photos of accepted answers that are picked for what is compiled of them."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

_TABLE = "assignment_excerpts"


def _key(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{_TABLE}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("picked_by_id", sa.Uuid(), nullable=False),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place >= 1", name=op.f(f"ck_{_TABLE}_place_from_one")),
        _key("assignment_id", "assignments"),
        _key("recipient_id", "assignment_recipients"),
        _key("picked_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{_TABLE}")),
        sa.UniqueConstraint("recipient_id", "field", name=op.f(f"uq_{_TABLE}_recipient_id_field")),
    )
    op.create_index("ix_assignment_excerpts_assignment", _TABLE, ["assignment_id", "place"])
