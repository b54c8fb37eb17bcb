"""Keep consents given in the chat, and let whom WeChat recognised wait for theirs before they become a person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    sealed = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    op.add_column("oauth_visits", sa.Column("recognised", sealed, nullable=True))
    op.add_column("channel_followers", sa.Column("agreed_version", sa.String(length=40), nullable=True))
    op.add_column("channel_followers", sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("channel_followers", sa.Column("consent_asked_at", sa.DateTime(timezone=True), nullable=True))
