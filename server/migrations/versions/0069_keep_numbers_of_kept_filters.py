"""Filters that were kept with a number narrow by it again: lists look for numbers and words in one field now."""

from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

KEPT = sa.table("saved_filters", sa.column("id", sa.Uuid()), sa.column("list_name"), sa.column("query"))
HAD_NUMBER = ("rectifications", "dispatch", "points")


def upgrade() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.select(KEPT).where(KEPT.c.list_name.in_(HAD_NUMBER), KEPT.c.query.contains("number=")))
    for row in rows.all():
        renamed = [("q" if name == "number" else name, value) for name, value in parse_qsl(row.query)]
        connection.execute(KEPT.update().where(KEPT.c.id == row.id).values(query=urlencode(renamed)))
