"""Let two people declare that a draw's first public value never came."""

from alembic import op

from server.migrations.checks import add_checked_column, replace_check

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOVES = (
    "commit", "cancel", "freeze", "enter_value", "declare_missing", "reject_value", "confirm_value",
)  # fmt: skip


def upgrade() -> None:
    is_postgresql = op.get_context().dialect.name == "postgresql"
    uuid = "UUID" if is_postgresql else "CHAR(32)"
    op.execute(
        f"ALTER TABLE draws ADD COLUMN missing_said_by_id {uuid} "
        "CONSTRAINT fk_draws_missing_said_by_id_people REFERENCES people (id)"
    )
    add_checked_column(
        "draws",
        f"missing_at {'TIMESTAMP WITH TIME ZONE' if is_postgresql else 'DATETIME'}",
        "ck_draws_missing_once_said",
        "missing_at IS NULL OR missing_said_by_id IS NOT NULL",
    )
    moves = ", ".join(repr(move) for move in MOVES)
    replace_check("draw_steps", "ck_draw_steps_move", f"move IN ({moves})")
