"""Let a campaign choose its leaderboards, none by default; let people join them by their own tap."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.add_column("campaigns", sa.Column("leaderboards", names, server_default=sa.text("'[]'"), nullable=False))
    # Whoever stood on a leaderboard so far was put there; nobody had asked to be.
    op.execute("UPDATE quiz_standings SET is_listed = false WHERE is_listed")
    op.execute("DELETE FROM quiz_board_rows")
    op.execute("DELETE FROM quiz_boards")
