"""Remember the recheck that nobody has been told of yet, and let it be taken back."""

import sqlalchemy as sa
from alembic import op

from server.migrations.checks import replace_check

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

MOVES = (
    "open", "accept", "dispute", "uphold", "drop", "ask_extension", "grant_extension", "refuse_extension", "submit",
    "send_back", "close", "reopen", "void", "note", "undo",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("rectifications", sa.Column("pending_step_id", sa.Uuid(), nullable=True))
    allowed = f"move IN ({', '.join(repr(each) for each in MOVES)})"
    for name in ("rectification_steps", "rectification_evidence"):
        replace_check(name, f"ck_{name}_move", allowed)
