"""Who asked stands in the row of who is asked, so that answers are found in the order in which they came in."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

TABLE = "assignment_recipients"
TRIGGERS = (  # SQLite writes a table anew to change a column, and drops its triggers with the old one
    """CREATE TRIGGER rollup_recipients_insert AFTER INSERT ON assignment_recipients BEGIN INSERT INTO rollup_changes (root_id) VALUES (NEW.root_id); END""",
    """CREATE TRIGGER rollup_recipients_update AFTER UPDATE OF status, is_copy, first_submitted_at, submitted_at, received_at, due_at, city_id, district_id, town_id ON assignment_recipients BEGIN INSERT INTO rollup_changes (root_id) VALUES (NEW.root_id); END""",
    """CREATE TRIGGER rollup_recipients_delete AFTER DELETE ON assignment_recipients BEGIN INSERT INTO rollup_changes (root_id) VALUES (OLD.root_id); END""",
)  # fmt: skip


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("sender_id", sa.Uuid(), nullable=True))
    rows = sa.table(TABLE, sa.column("assignment_id", sa.Uuid()), sa.column("sender_id", sa.Uuid()))
    asked = sa.table("assignments", sa.column("id", sa.Uuid()), sa.column("sender_id", sa.Uuid()))
    sender = sa.select(asked.c.sender_id).where(asked.c.id == rows.c.assignment_id).scalar_subquery()
    op.execute(rows.update().values(sender_id=sender))
    with op.batch_alter_table(TABLE) as table:
        table.alter_column("sender_id", nullable=False)
        table.create_foreign_key(op.f("fk_assignment_recipients_sender_id_unions"), "unions", ["sender_id"], ["id"])
    op.create_index("ix_assignment_recipients_arrival", TABLE, ["sender_id", "status", "submitted_at", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for trigger in TRIGGERS:
            op.execute(trigger)
