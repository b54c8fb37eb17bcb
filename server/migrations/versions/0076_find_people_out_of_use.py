"""Find the people who are out of use without reading everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_people_inactive", "people", ["id"], sqlite_where=sa.text("is_active IS 0"),
        postgresql_where=sa.text("is_active IS FALSE"),
    )  # fmt: skip
