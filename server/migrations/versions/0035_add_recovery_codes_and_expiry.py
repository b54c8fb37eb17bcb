"""Keep recovery codes, and let one-time passwords expire: those given out before get the usual week from now on."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from server.core import clock

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

DAYS = 7


def upgrade() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.person_id"], name=op.f("fk_recovery_codes_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_account_id"), "recovery_codes", ["account_id"])
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
