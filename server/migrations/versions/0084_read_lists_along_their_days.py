"""Read lists of days long ago off an index; keep PostgreSQL from compiling statements of this role, also behind a
pooler, where no connection can say so itself."""

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

ARRIVED = sa.text("status <> 'incomplete'")
CLOSED = sa.text("closed_at IS NOT NULL")
FEW = {"asked": sa.text("asked_days IS NOT NULL"), "reopened": sa.text("reopenings > 0")}
NO_COMPILING = """DO $$ BEGIN
    EXECUTE format('ALTER ROLE CURRENT_USER IN DATABASE %I SET jit = off', current_database());
EXCEPTION WHEN insufficient_privilege OR undefined_object THEN
    RAISE NOTICE 'jit stays as it is: docs/operations.md';
END $$"""


def upgrade() -> None:
    for level in ("city", "district"):
        op.create_index(
            f"ix_submissions_{level}_sent", "submissions", ["status", f"{level}_id", "created_at", "id"],
            sqlite_where=ARRIVED, postgresql_where=ARRIVED,
        )  # fmt: skip
        op.create_index(
            f"ix_rectifications_{level}_opened", "rectifications", ["status", f"{level}_id", "opened_at", "id"]
        )
        op.create_index(
            f"ix_rectifications_{level}_closed", "rectifications", ["status", f"{level}_id", "closed_at", "id"],
            sqlite_where=CLOSED, postgresql_where=CLOSED,
        )  # fmt: skip
        for what, where in FEW.items():
            op.create_index(
                f"ix_rectifications_{level}_{what}", "rectifications", ["status", f"{level}_id", "due_at", "id"],
                sqlite_where=where, postgresql_where=where,
            )  # fmt: skip
        op.create_index(f"ix_letters_{level}_issued", "letters", [f"{level}_id", "issued_at", "id"])
    op.create_index("ix_letters_issuer_issued", "letters", ["issuer_id", "issued_at", "id"])
    op.create_index("ix_points_transfers_at", "points_transfers", ["at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(NO_COMPILING)
