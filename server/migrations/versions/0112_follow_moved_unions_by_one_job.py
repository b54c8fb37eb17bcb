"""One job lets all rows follow a union that moved; it had been one for each slice."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text("UPDATE jobs SET name = 'following.follow_union' WHERE name LIKE '%.follow_union'"))
