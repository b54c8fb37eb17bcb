"""Say which report another one corrects, and why."""

from alembic import op

from server.migrations.checks import add_checked_column

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kind = "UUID" if op.get_context().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(
        f"ALTER TABLE bulletins ADD COLUMN corrects_id {kind} "
        "CONSTRAINT fk_bulletins_corrects_id_bulletins REFERENCES bulletins (id)"
    )
    condition = "(corrects_id IS NULL) = (reason IS NULL)"
    add_checked_column("bulletins", "reason TEXT", "ck_bulletins_corrected_with_reason", condition)
    op.create_index("uq_bulletins_corrects_id", "bulletins", ["corrects_id"], unique=True)
