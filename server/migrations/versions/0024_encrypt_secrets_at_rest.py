"""Encrypt what must not be read from a backup: TOTP secrets, seeds and salt keys of draws, WeChat's access tokens."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from server.core.encryption import keyring_of
from server.migrations.checks import retype_column

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TEXTS = (("accounts", "person_id", "totp_secret"), ("draws", "id", "seed"), ("draws", "id", "salt_key"))


def upgrade() -> None:
    connection = op.get_bind()
    encrypt = keyring_of(connection.dialect).encrypt
    for table, key, column in TEXTS:
        retype_column(table, column, "VARCHAR(64)", "TEXT")
        rows = sa.table(table, sa.column(key, sa.Uuid()), sa.column(column, sa.Text()))
        known = sa.select(rows.c[key], rows.c[column]).where(rows.c[column].is_not(None))
        for found, value in connection.execute(known).all():
            connection.execute(sa.update(rows).where(rows.c[key] == found).values({column: encrypt(value)}))
    # Access tokens are fetched again within the second.
    blank = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    shared = sa.table("shared_values", sa.column("value", blank))
    connection.execute(sa.update(shared).values(value={"sealed": ""}))
