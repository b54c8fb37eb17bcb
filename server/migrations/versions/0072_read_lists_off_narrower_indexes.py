"""Read off an index: the standings of a subtree by enterprise, items of one campaign, letters by their state, adopted
suggestions."""

import sqlalchemy as sa
from alembic import op

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

RUNNING = sa.text("ended_at IS NULL")
ADOPTED = sa.text("kind = 'suggestion' AND status = 'accepted'")
LEVELS = ("city", "district", "town", "enterprise")


def upgrade() -> None:
    for level in LEVELS:
        op.drop_index(f"ix_unions_{level}_id", "unions")
        op.create_index(f"ix_unions_{level}", "unions", [f"{level}_id", "id"])
        op.create_index(f"ix_letters_{level}_status", "letters", ["status", f"{level}_id", "id"])
        op.create_index(
            f"ix_submissions_{level}_adopted", "submissions", [f"{level}_id", "id"], sqlite_where=ADOPTED,
            postgresql_where=ADOPTED,
        )  # fmt: skip
    op.drop_index("ix_quiz_standings_enterprise", "quiz_standings")
    op.create_index(
        "ix_quiz_standings_enterprise", "quiz_standings",
        ["quiz_id", "enterprise_id", "person_id", "score", "finished_at"],
    )  # fmt: skip
    for level in ("city", "district"):
        op.create_index(
            f"ix_rectifications_{level}_campaign", "rectifications",
            ["status", f"{level}_id", "campaign_id", "due_at", "id"],
        )  # fmt: skip
        op.create_index(
            f"ix_overdue_items_{level}_campaign", "overdue_items", [f"{level}_id", "campaign_id", "due_at", "id"],
            sqlite_where=RUNNING, postgresql_where=RUNNING,
        )  # fmt: skip
    op.create_index("ix_points_transfers_campaign", "points_transfers", ["campaign_id", "id"])
