"""Ready replies for the moves of any slice that declares them, not of submissions alone."""

from server.migrations.checks import replace_check

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    replace_check("reply_templates", "ck_reply_templates_move", "move <> ''")
