"""What a worker sends past their enterprise, straight to the union above it; and who reports without an account."""

import sqlalchemy as sa
from alembic import op

from server.migrations.checks import add_checked_column

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    uuid = "CHAR(32)" if op.get_context().dialect.name == "sqlite" else "UUID"
    add_checked_column(
        "submissions",
        f"kept_from_id {uuid} CONSTRAINT fk_submissions_kept_from_id_unions REFERENCES unions (id)",
        "ck_submissions_kept_from_its_enterprise",
        "kept_from_id IS NULL OR (is_anonymous AND (enterprise_id IS NULL OR enterprise_id <> kept_from_id))",
    )
    op.create_table(
        "receipts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_key", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_receipts_person_id_people")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("code_key", name=op.f("uq_receipts_code_key")),
    )
