"""A drill may try several plans: what it tried stands in rows of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None

OLD = (("drills_insert", "drills"), ("drills_update", "drills"), ("sessions_update", "training_sessions"))
SQLITE = (
    """CREATE TRIGGER coverage_tried_insert AFTER INSERT ON drill_plans WHEN NEW.plan_id IS NOT NULL BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = NEW.plan_id; END""",
    """CREATE TRIGGER coverage_tried_delete AFTER DELETE ON drill_plans WHEN OLD.plan_id IS NOT NULL BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = OLD.plan_id; END""",
    """CREATE TRIGGER coverage_sessions_update AFTER UPDATE OF status, starts_at ON training_sessions WHEN OLD.status IS NOT NEW.status OR OLD.starts_at IS NOT NEW.starts_at BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT p.enterprise_id FROM drill_plans t JOIN emergency_plans p ON p.id = t.plan_id WHERE t.session_id = NEW.id; END""",
)  # fmt: skip
POSTGRESQL = (
    """CREATE FUNCTION coverage_tried_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = NEW.plan_id; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_tried_insert AFTER INSERT ON drill_plans FOR EACH ROW WHEN (NEW.plan_id IS NOT NULL) EXECUTE FUNCTION coverage_tried_insert()""",
    """CREATE FUNCTION coverage_tried_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = OLD.plan_id; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_tried_delete AFTER DELETE ON drill_plans FOR EACH ROW WHEN (OLD.plan_id IS NOT NULL) EXECUTE FUNCTION coverage_tried_delete()""",
    """CREATE FUNCTION coverage_sessions_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT p.enterprise_id FROM drill_plans t JOIN emergency_plans p ON p.id = t.plan_id WHERE t.session_id = NEW.id; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_sessions_update AFTER UPDATE OF status, starts_at ON training_sessions FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.starts_at IS DISTINCT FROM NEW.starts_at) EXECUTE FUNCTION coverage_sessions_update()""",
)  # fmt: skip


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, table_name in OLD:
        op.execute(f"DROP TRIGGER coverage_{name}" + ("" if is_sqlite else f" ON {table_name}"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION coverage_{name}()")
    kind = sa.Enum(
        "comprehensive", "special", "on_site", "fire", name="kind", native_enum=False, create_constraint=True, length=32
    )  # fmt: skip
    op.create_table(
        "drill_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("edition", sa.String(length=50), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("must_revise", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["drills.session_id"], name=op.f("fk_drill_plans_session_id_drills")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["emergency_plans.id"], name=op.f("fk_drill_plans_plan_id_emergency_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drill_plans")),
        sa.UniqueConstraint("session_id", "plan_id", name=op.f("uq_drill_plans_session_id_plan_id")),
    )
    op.create_index("ix_drill_plans_plan", "drill_plans", ["plan_id"])
    op.execute(  # one each until now: the drill's own id serves
        "INSERT INTO drill_plans (id, session_id, plan_id, name, edition, kind, must_revise) "
        "SELECT session_id, session_id, plan_id, plan_name, plan_version, plan_kind, COALESCE(must_revise, FALSE) "
        "FROM drills"
    )
    op.drop_index("ix_drills_plan", table_name="drills")
    with op.batch_alter_table("drills") as table:
        table.drop_constraint(op.f("fk_drills_plan_id_emergency_plans"), type_="foreignkey")
        table.drop_constraint(op.f("ck_drills_plan_kind"), type_="check")
        for column in ("plan_id", "plan_name", "plan_version", "plan_kind"):
            table.drop_column(column)
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        op.execute(statement)
