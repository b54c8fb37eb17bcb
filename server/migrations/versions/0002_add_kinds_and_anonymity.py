"""Suggestions beside hazards, names that may be kept back, and photos that say why they were taken."""

import sqlalchemy as sa
from alembic import op

from server.migrations.checks import add_checked_column, replace_check

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOVES = (
    "create", "submit", "claim", "release", "return", "answer", "accept", "accept_in_part", "decline", "mark_duplicate",
    "pass_up", "pass_down", "reopen", "withdraw", "note", "disclose",
)  # fmt: skip


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


PURPOSES = _one_of("purpose", ("report", "answer", "after", "reopen"))


def upgrade() -> None:
    op.add_column("submissions", sa.Column("is_anonymous", sa.Boolean(), server_default=sa.false(), nullable=False))
    moment = "TIMESTAMP WITH TIME ZONE" if op.get_context().dialect.name == "postgresql" else "DATETIME"
    add_checked_column(
        "submissions",
        f"disclosed_at {moment}",
        "ck_submissions_disclosed_only_if_anonymous",
        "disclosed_at IS NULL OR is_anonymous",
    )
    replace_check("submissions", "ck_submissions_kind", _one_of("kind", ("hazard", "suggestion")))
    replace_check(
        "submissions",
        "ck_submissions_hazard_graded_when_accepted",
        "(kind = 'hazard' AND status = 'accepted') = (grade IS NOT NULL)",
        old_name="ck_submissions_graded_when_accepted",
    )
    replace_check("submission_steps", "ck_submission_steps_move", _one_of("move", MOVES))
    replace_check("reply_templates", "ck_reply_templates_move", _one_of("move", MOVES))
    add_checked_column("photos", "purpose VARCHAR(32) DEFAULT 'report' NOT NULL", "ck_photos_purpose", PURPOSES)
    op.execute("UPDATE photos SET purpose = 'answer' WHERE batch_id IS NOT NULL")
