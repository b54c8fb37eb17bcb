"""Coverage counts emergency plans, and which of them were tried in a period."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER coverage_plans_insert AFTER INSERT ON emergency_plans BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_plans_update AFTER UPDATE OF enterprise_id, drawn_up_on, tried_on, ended_at ON emergency_plans BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_plans_delete AFTER DELETE ON emergency_plans BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; END""",
    """CREATE TRIGGER coverage_drills_insert AFTER INSERT ON drills WHEN NEW.plan_id IS NOT NULL BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = NEW.plan_id; END""",
    """CREATE TRIGGER coverage_drills_update AFTER UPDATE OF plan_id ON drills WHEN OLD.plan_id IS NOT NEW.plan_id BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = OLD.plan_id; INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = NEW.plan_id; END""",
    """CREATE TRIGGER coverage_sessions_update AFTER UPDATE OF status, starts_at ON training_sessions WHEN OLD.status IS NOT NEW.status OR OLD.starts_at IS NOT NEW.starts_at BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT p.enterprise_id FROM drills d JOIN emergency_plans p ON p.id = d.plan_id WHERE d.session_id = NEW.id; END""",
)  # fmt: skip
POSTGRESQL = (
    """CREATE FUNCTION coverage_plans_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_plans_insert AFTER INSERT ON emergency_plans FOR EACH ROW EXECUTE FUNCTION coverage_plans_insert()""",
    """CREATE FUNCTION coverage_plans_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; INSERT INTO coverage_changes (enterprise_id) SELECT NEW.enterprise_id WHERE NEW.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_plans_update AFTER UPDATE OF enterprise_id, drawn_up_on, tried_on, ended_at ON emergency_plans FOR EACH ROW EXECUTE FUNCTION coverage_plans_update()""",
    """CREATE FUNCTION coverage_plans_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT OLD.enterprise_id WHERE OLD.enterprise_id IS NOT NULL; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_plans_delete AFTER DELETE ON emergency_plans FOR EACH ROW EXECUTE FUNCTION coverage_plans_delete()""",
    """CREATE FUNCTION coverage_drills_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = NEW.plan_id; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_drills_insert AFTER INSERT ON drills FOR EACH ROW WHEN (NEW.plan_id IS NOT NULL) EXECUTE FUNCTION coverage_drills_insert()""",
    """CREATE FUNCTION coverage_drills_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = OLD.plan_id; INSERT INTO coverage_changes (enterprise_id) SELECT enterprise_id FROM emergency_plans WHERE id = NEW.plan_id; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_drills_update AFTER UPDATE OF plan_id ON drills FOR EACH ROW WHEN (OLD.plan_id IS DISTINCT FROM NEW.plan_id) EXECUTE FUNCTION coverage_drills_update()""",
    """CREATE FUNCTION coverage_sessions_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO coverage_changes (enterprise_id) SELECT p.enterprise_id FROM drills d JOIN emergency_plans p ON p.id = d.plan_id WHERE d.session_id = NEW.id; RETURN NULL; END $$""",
    """CREATE TRIGGER coverage_sessions_update AFTER UPDATE OF status, starts_at ON training_sessions FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status OR OLD.starts_at IS DISTINCT FROM NEW.starts_at) EXECUTE FUNCTION coverage_sessions_update()""",
)  # fmt: skip


def upgrade() -> None:
    for name in ("coverage_facts", "coverage_sums"):
        with op.batch_alter_table(name) as table:
            for column in ("plans", "plans_drilled"):
                table.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("coverage_facts") as table:
        table.create_check_constraint(
            op.f("ck_coverage_facts_drilled_within_plans"), "plans_drilled >= 0 AND plans_drilled <= plans"
        )
    for name in ("coverage_facts", "coverage_sums"):
        with op.batch_alter_table(name) as table:
            for column in ("plans", "plans_drilled"):
                table.alter_column(column, server_default=None)
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    # Plans that were registered meanwhile are counted as well.
    op.execute("INSERT INTO coverage_changes (enterprise_id) SELECT DISTINCT enterprise_id FROM emergency_plans")
