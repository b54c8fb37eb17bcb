"""Reviewers are told by WeChat too, and each of their messages is in one digest."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

OCCASIONS = "occasion IN ('result', 'question', 'rectification', 'suggestion', 'award', 'desk')"


def upgrade() -> None:
    op.add_column("inbox_messages", sa.Column("digest_day", sa.Date(), nullable=True))
    with op.batch_alter_table("message_templates") as table:
        table.drop_constraint(op.f("ck_message_templates_occasion"), type_="check")
        table.create_check_constraint(op.f("ck_message_templates_occasion"), OCCASIONS)
