"""Give jobs a priority, and the worker an index to find the next one by."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE jobs ADD COLUMN priority SMALLINT DEFAULT 1 NOT NULL")
    op.execute("CREATE INDEX ix_jobs_next ON jobs (priority, run_at) WHERE state = 'ready'")
