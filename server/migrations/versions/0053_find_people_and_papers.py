"""Find people by any part of their name, and papers by their number, in an index."""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_people_name_key_id", "people", ["name_key", "id"])
    op.create_index("ix_documents_number", "documents", ["number"])
