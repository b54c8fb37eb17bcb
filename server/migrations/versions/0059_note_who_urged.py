"""Who asked last for what is overdue, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("overdue_items", sa.Column("urged_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        f"ALTER TABLE overdue_items ADD COLUMN urged_by_id {'UUID' if _is_postgresql() else 'CHAR(32)'} "
        "CONSTRAINT fk_overdue_items_urged_by_id_people REFERENCES people (id)"
    )


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"
