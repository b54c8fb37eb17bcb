"""The day a hazard was sent stands in its rectification too, so that the list of a month long ago is read off an index."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

TABLE = "rectifications"
TRIGGERS = (  # SQLite writes a table anew to change a column, and drops its triggers with the old one
    """CREATE TRIGGER figures_rectifications_insert AFTER INSERT ON rectifications BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.submission_id); END""",
    """CREATE TRIGGER figures_rectifications_update AFTER UPDATE OF status, submission_id, due_at, submitted_at, closed_at ON rectifications BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.submission_id); END""",
    """CREATE TRIGGER figures_rectifications_delete AFTER DELETE ON rectifications BEGIN INSERT INTO figure_changes (submission_id) VALUES (OLD.submission_id); END""",
)  # fmt: skip
DAYS = {  # SQLite rounds the last half millisecond of a day up to the next
    "sqlite": "date(substr(created_at, 1, 19), '+8 hours')",
    "postgresql": "(created_at AT TIME ZONE 'Asia/Shanghai')::date",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.add_column(TABLE, sa.Column("sent_on", sa.Date(), nullable=True))
    rows = sa.table(TABLE, sa.column("submission_id"), sa.column("sent_on"))
    submissions = sa.table("submissions", sa.column("id"))
    day = sa.select(sa.text(DAYS[dialect])).where(submissions.c.id == rows.c.submission_id).scalar_subquery()
    op.execute(rows.update().values(sent_on=day))
    with op.batch_alter_table(TABLE) as table:
        table.alter_column("sent_on", nullable=False)
    for level in ("city", "district"):
        op.create_index(f"ix_rectifications_{level}_sent", TABLE, ["status", f"{level}_id", "sent_on", "id"])
    if dialect == "sqlite":
        for trigger in TRIGGERS:
            op.execute(trigger)
