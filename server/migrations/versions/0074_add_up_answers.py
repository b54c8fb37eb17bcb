"""Add up what came back to an assignment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MEASURES = ("asked", "received", "answered", "in_time", "accepted", "returned")
SQLITE = (
    """CREATE TRIGGER rollup_recipients_insert AFTER INSERT ON assignment_recipients BEGIN INSERT INTO rollup_changes (root_id) VALUES (NEW.root_id); END""",
    """CREATE TRIGGER rollup_recipients_update AFTER UPDATE OF status, is_copy, first_submitted_at, submitted_at, received_at, due_at, city_id, district_id, town_id ON assignment_recipients BEGIN INSERT INTO rollup_changes (root_id) VALUES (NEW.root_id); END""",
    """CREATE TRIGGER rollup_recipients_delete AFTER DELETE ON assignment_recipients BEGIN INSERT INTO rollup_changes (root_id) VALUES (OLD.root_id); END""",
)  # fmt: skip
POSTGRESQL = (
    """CREATE FUNCTION rollup_recipients_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO rollup_changes (root_id) VALUES (NEW.root_id); RETURN NULL; END $$""",
    """CREATE TRIGGER rollup_recipients_insert AFTER INSERT ON assignment_recipients FOR EACH ROW EXECUTE FUNCTION rollup_recipients_insert()""",
    """CREATE FUNCTION rollup_recipients_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO rollup_changes (root_id) VALUES (NEW.root_id); RETURN NULL; END $$""",
    """CREATE TRIGGER rollup_recipients_update AFTER UPDATE OF status, is_copy, first_submitted_at, submitted_at, received_at, due_at, city_id, district_id, town_id ON assignment_recipients FOR EACH ROW EXECUTE FUNCTION rollup_recipients_update()""",
    """CREATE FUNCTION rollup_recipients_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO rollup_changes (root_id) VALUES (OLD.root_id); RETURN NULL; END $$""",
    """CREATE TRIGGER rollup_recipients_delete AFTER DELETE ON assignment_recipients FOR EACH ROW EXECUTE FUNCTION rollup_recipients_delete()""",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "rollup_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_changes")),
    )
    op.create_table(
        "rollups",
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("counted_at", _AT, nullable=False),
        sa.PrimaryKeyConstraint("root_id", name=op.f("pk_rollups")),
    )
    op.create_table(
        "rollup_counts",
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("cut", sa.String(16), nullable=False),
        *(sa.Column(measure, sa.Integer(), nullable=False) for measure in MEASURES),
        sa.PrimaryKeyConstraint("root_id", "union_id", "cut", name=op.f("pk_rollup_counts")),
    )
    op.create_table(
        "rollup_fields",
        sa.Column("root_id", sa.Uuid(), nullable=False),
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(81), nullable=False),
        sa.Column("totals", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("root_id", "union_id", "key", name=op.f("pk_rollup_fields")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.execute("INSERT INTO rollup_changes (root_id) SELECT DISTINCT root_id FROM assignment_recipients")
