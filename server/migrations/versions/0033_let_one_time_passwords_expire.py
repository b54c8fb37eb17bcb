"""Let one-time passwords expire. Those given out before get the usual week from now on."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from server.core import clock

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

DAYS = 7


def upgrade() -> None:
    op.add_column("accounts", sa.Column("password_expires_at", sa.DateTime(timezone=True), nullable=True))
    accounts = sa.table(
        "accounts",
        sa.column("must_change_password", sa.Boolean()),
        sa.column("password_expires_at", sa.DateTime(timezone=True)),
    )
    good_until = clock.now() + timedelta(days=DAYS)
    op.execute(
        accounts.update().where(accounts.c.must_change_password.is_(True)).values(password_expires_at=good_until)
    )
