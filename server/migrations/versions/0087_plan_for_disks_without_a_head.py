"""Let PostgreSQL plan for disks without a head, also behind a pooler; find people by the day they joined, and the few
suggestions that were confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

CONFIRMED = sa.text("confirmed_at IS NOT NULL")
PLANNING = """DO $$ BEGIN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET random_page_cost = 1.1', current_database());
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'random_page_cost stays as it is: docs/operations.md';
END $$"""


def upgrade() -> None:
    op.create_index("ix_people_created", "people", ["created_at", "id"])
    op.create_index(
        "ix_suggestions_confirmed", "suggestions", ["confirmed_at", "submission_id"], sqlite_where=CONFIRMED,
        postgresql_where=CONFIRMED,
    )  # fmt: skip
    if op.get_bind().dialect.name == "postgresql":
        op.execute(PLANNING)
