"""Keep names and numbers beside what people wrote as searches compare them, and index reports anew.

The folding is written out in Python, so it cannot be done by the database: every row is read once.
"""

import sqlalchemy as sa
from alembic import op

from server.core import clock, ids
from server.core.text import fold

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BATCH = 2000
COLUMNS = {"people": ("name",), "unions": ("name", "code")}
INDEX = "ix_unions_enterprise_names"
NOBODY = "00000000-0000-0000-0000-000000000000"
_JOBS = sa.table(
    "jobs",
    sa.column("id", sa.Uuid()),
    sa.column("name"),
    sa.column("args", sa.JSON()),
    sa.column("state"),
    sa.column("run_at", sa.DateTime(timezone=True)),
    sa.column("attempts"),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for name in columns:
            op.add_column(table, sa.Column(f"{name}_key", sa.String(200), nullable=False, server_default=""))
        _fill(table, columns)
    op.drop_index(INDEX, table_name="unions")
    only = sa.text("level = 'enterprise'")
    held = ["name", "id", "is_active", "name_key"]
    op.create_index(INDEX, "unions", held, sqlite_where=only, postgresql_where=only)
    _index_anew()


def _fill(table: str, columns: tuple[str, ...]) -> None:
    connection = op.get_bind()
    rows = sa.table(
        table, sa.column("id", sa.Uuid()), *(sa.column(name) for each in columns for name in (each, f"{each}_key"))
    )
    change = sa.update(rows).where(rows.c.id == sa.bindparam("row_id"))
    change = change.values({f"{name}_key": sa.bindparam(f"{name}_folded") for name in columns})
    texts = connection.execute(sa.select(rows.c.id, *(rows.c[name] for name in columns))).all()
    for start in range(0, len(texts), BATCH):
        batch = [
            {"row_id": row.id, **{f"{name}_folded": fold(getattr(row, name) or "")[:200] for name in columns}}
            for row in texts[start : start + BATCH]
        ]
        connection.execute(change, batch)


def _index_anew() -> None:
    """A job does it batch by batch; the reports are found by their old words meanwhile."""
    texts = sa.table("submission_texts", sa.column("submission_id"))
    if op.get_bind().execute(sa.select(texts.c.submission_id).limit(1)).first() is None:
        return
    now = clock.now()
    moment = now.replace(tzinfo=None) if op.get_context().dialect.name == "sqlite" else now
    row = {
        "id": ids.new_id(), "name": "queue.index_anew", "args": {"after": NOBODY}, "state": "ready", "run_at": moment,
        "attempts": 0, "created_at": moment, "updated_at": moment,
    }  # fmt: skip
    op.get_bind().execute(_JOBS.insert(), row)
