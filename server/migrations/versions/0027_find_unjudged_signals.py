"""Let unjudged signals be counted without looking at all that were judged."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

UNJUDGED = sa.text("verdict IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_quiz_attempt_signals_unjudged", "quiz_attempt_signals", ["id"], sqlite_where=UNJUDGED,
        postgresql_where=UNJUDGED,
    )  # fmt: skip
