"""Find the anonymous reports of people on a page, and the rectifications of what a search for words found."""

import sqlalchemy as sa
from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_submissions_anonymous", "submissions", ["reporter_id", "id"], sqlite_where=sa.text("is_anonymous IS 1"),
        postgresql_where=sa.text("is_anonymous IS TRUE"),
    )  # fmt: skip
    op.create_index("ix_rectifications_submission", "rectifications", ["submission_id"])
