"""Why a bank did not pay an award.

Nothing to carry over: until now nobody wrote it down.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("award_entries", sa.Column("payment_failure", sa.String(200), nullable=True))
