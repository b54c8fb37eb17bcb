"""How many were at a session of whom there are no names."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

LEVELS = ("city", "district", "town", "enterprise")
SQLITE = (
    """CREATE TRIGGER coverage_headcounts_insert AFTER INSERT ON training_headcounts BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_headcounts_update AFTER UPDATE ON training_headcounts BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_headcounts_delete AFTER DELETE ON training_headcounts BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; END""",
)  # fmt: skip
POSTGRESQL = (
    """CREATE FUNCTION coverage_headcounts_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_headcounts_insert AFTER INSERT ON training_headcounts FOR EACH ROW EXECUTE FUNCTION coverage_headcounts_insert()""",
    """CREATE FUNCTION coverage_headcounts_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_headcounts_update AFTER UPDATE ON training_headcounts FOR EACH ROW EXECUTE FUNCTION coverage_headcounts_update()""",
    """CREATE FUNCTION coverage_headcounts_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_headcounts_delete AFTER DELETE ON training_headcounts FOR EACH ROW EXECUTE FUNCTION coverage_headcounts_delete()""",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "training_headcounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.CheckConstraint("people BETWEEN 1 AND 100000", name=op.f("ck_training_headcounts_people_in_range")),
        sa.CheckConstraint("enterprise_id IS NOT NULL", name=op.f("ck_training_headcounts_of_an_enterprise")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["training_sessions.id"], name=op.f("fk_training_headcounts_session_id_training_sessions")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["people.id"], name=op.f("fk_training_headcounts_recorded_by_id_people")
        ),
        *(
            sa.ForeignKeyConstraint(
                [f"{level}_id"], ["unions.id"], name=op.f(f"fk_training_headcounts_{level}_id_unions")
            )
            for level in LEVELS
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_headcounts")),
        sa.UniqueConstraint(
            "session_id", "enterprise_id", name=op.f("uq_training_headcounts_session_id_enterprise_id")
        ),
    )
    for level in LEVELS:
        op.create_index(f"ix_training_headcounts_{level}", "training_headcounts", [f"{level}_id", "held_on", "id"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
