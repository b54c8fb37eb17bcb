"""Of what inspections found, what waits for somebody competent is found without the rest."""

import sqlalchemy as sa
from alembic import op

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

_OPEN = sa.text("submission_id IS NULL AND verdict IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_inspection_findings_open", "inspection_findings", ["id"], sqlite_where=_OPEN, postgresql_where=_OPEN
    )
