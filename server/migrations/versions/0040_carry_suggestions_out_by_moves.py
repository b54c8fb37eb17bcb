"""Carry suggestions out by moves: whether their benefit is confirmed is a status, and pages know their version."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_STATUS = sa.Enum("pending", "confirmed", name="status", native_enum=False, create_constraint=True, length=32)
_SUGGESTIONS = sa.table("suggestions", sa.column("status"), sa.column("confirmed_at"))


def upgrade() -> None:
    with op.batch_alter_table("suggestions") as table:
        table.add_column(sa.Column("status", _STATUS, nullable=False, server_default="pending"))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.execute(_SUGGESTIONS.update().where(_SUGGESTIONS.c.confirmed_at.is_not(None)).values(status="confirmed"))
    with op.batch_alter_table("suggestions") as table:
        table.alter_column("status", server_default=None)
        table.alter_column("version", server_default=None)
        table.create_check_constraint(
            op.f("ck_suggestions_confirmed_when_confirmed"), "(status = 'confirmed') = (confirmed_at IS NOT NULL)"
        )
