"""List who took part in a quiz, by enterprise, and who did not where the campaign allows it."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaigns", sa.Column("lists_absentees", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_quiz_standings_enterprise", "quiz_standings", ["quiz_id", "enterprise_id", "person_id"])
    op.create_index("ix_people_enterprise", "people", ["enterprise_id", "id"])
