"""Count figures by day, in place of snapshots; everything is counted afresh by the job."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

MEASURES = (
    "submitted", "waiting", "returned", "accepted", "declined",
    "duplicate", "withdrawn", "running", "closed", "answer_in_time",
    "answer_late", "answer_overdue", "answers", "answer_days", "rectified_in_time",
    "rectified_late", "rectify_overdue", "closings", "closing_days",
)  # fmt: skip
SQLITE = (
    """CREATE TRIGGER figures_submissions_insert AFTER INSERT ON submissions WHEN NEW.status <> 'incomplete' BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.id); END""",
    """CREATE TRIGGER figures_submissions_update AFTER UPDATE OF status, kind, category, grade, campaign_id, city_id, district_id, town_id, enterprise_id, created_at, due_at, decided_at ON submissions WHEN NEW.status <> 'incomplete' BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.id); END""",
    """CREATE TRIGGER figures_submissions_delete AFTER DELETE ON submissions WHEN OLD.status <> 'incomplete' BEGIN INSERT INTO figure_changes (submission_id) VALUES (OLD.id); END""",
    """CREATE TRIGGER figures_rectifications_insert AFTER INSERT ON rectifications BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.submission_id); END""",
    """CREATE TRIGGER figures_rectifications_update AFTER UPDATE OF status, submission_id, due_at, submitted_at, closed_at ON rectifications BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.submission_id); END""",
    """CREATE TRIGGER figures_rectifications_delete AFTER DELETE ON rectifications BEGIN INSERT INTO figure_changes (submission_id) VALUES (OLD.submission_id); END""",
    """CREATE TRIGGER figures_unions_update AFTER UPDATE OF industry, ownership, size, is_high_risk, is_chemical ON unions WHEN OLD.industry IS NOT NEW.industry OR OLD.ownership IS NOT NEW.ownership OR OLD.size IS NOT NEW.size OR OLD.is_high_risk IS NOT NEW.is_high_risk OR OLD.is_chemical IS NOT NEW.is_chemical BEGIN INSERT INTO figure_changes (submission_id) SELECT id FROM submissions WHERE enterprise_id = NEW.id AND status <> 'incomplete'; END""",
)
POSTGRESQL = (
    """CREATE FUNCTION figures_submissions_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE TRIGGER figures_submissions_insert AFTER INSERT ON submissions FOR EACH ROW WHEN (NEW.status <> 'incomplete') EXECUTE FUNCTION figures_submissions_insert()""",
    """CREATE FUNCTION figures_submissions_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE TRIGGER figures_submissions_update AFTER UPDATE OF status, kind, category, grade, campaign_id, city_id, district_id, town_id, enterprise_id, created_at, due_at, decided_at ON submissions FOR EACH ROW WHEN (NEW.status <> 'incomplete') EXECUTE FUNCTION figures_submissions_update()""",
    """CREATE FUNCTION figures_submissions_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO figure_changes (submission_id) VALUES (OLD.id); RETURN NULL; END $$""",
    """CREATE TRIGGER figures_submissions_delete AFTER DELETE ON submissions FOR EACH ROW WHEN (OLD.status <> 'incomplete') EXECUTE FUNCTION figures_submissions_delete()""",
    """CREATE FUNCTION figures_rectifications_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.submission_id); RETURN NULL; END $$""",
    """CREATE TRIGGER figures_rectifications_insert AFTER INSERT ON rectifications FOR EACH ROW EXECUTE FUNCTION figures_rectifications_insert()""",
    """CREATE FUNCTION figures_rectifications_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO figure_changes (submission_id) VALUES (NEW.submission_id); RETURN NULL; END $$""",
    """CREATE TRIGGER figures_rectifications_update AFTER UPDATE OF status, submission_id, due_at, submitted_at, closed_at ON rectifications FOR EACH ROW EXECUTE FUNCTION figures_rectifications_update()""",
    """CREATE FUNCTION figures_rectifications_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO figure_changes (submission_id) VALUES (OLD.submission_id); RETURN NULL; END $$""",
    """CREATE TRIGGER figures_rectifications_delete AFTER DELETE ON rectifications FOR EACH ROW EXECUTE FUNCTION figures_rectifications_delete()""",
    """CREATE FUNCTION figures_unions_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO figure_changes (submission_id) SELECT id FROM submissions WHERE enterprise_id = NEW.id AND status <> 'incomplete'; RETURN NULL; END $$""",
    """CREATE TRIGGER figures_unions_update AFTER UPDATE OF industry, ownership, size, is_high_risk, is_chemical ON unions FOR EACH ROW WHEN (OLD.industry IS DISTINCT FROM NEW.industry OR OLD.ownership IS DISTINCT FROM NEW.ownership OR OLD.size IS DISTINCT FROM NEW.size OR OLD.is_high_risk IS DISTINCT FROM NEW.is_high_risk OR OLD.is_chemical IS DISTINCT FROM NEW.is_chemical) EXECUTE FUNCTION figures_unions_update()""",
)


def upgrade() -> None:
    op.drop_table("figure_snapshots")
    op.create_table(
        "figure_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_changes")),
    )
    op.create_table(
        "figure_facts",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column(
            "fact",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("turns_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_figure_facts")),
    )
    op.create_index(
        "ix_figure_facts_turns_at",
        "figure_facts",
        ["turns_at"],
        sqlite_where=sa.text("turns_at IS NOT NULL"),
        postgresql_where=sa.text("turns_at IS NOT NULL"),
    )
    key = ("union_id", "flags", "part", "day", "key", "campaign_id")
    op.create_table(
        "figure_days",
        sa.Column("union_id", sa.Uuid(), nullable=False),
        sa.Column("flags", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        *(sa.Column(measure, sa.Integer(), nullable=False) for measure in MEASURES),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_figure_days")),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.execute("INSERT INTO figure_changes (submission_id) SELECT id FROM submissions WHERE status <> 'incomplete'")
