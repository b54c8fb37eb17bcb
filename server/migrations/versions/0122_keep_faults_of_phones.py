"""Faults of the phone's program, without anybody's data."""

import sqlalchemy as sa
from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "client_faults",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column(
            "platform",
            sa.Enum("h5", "mp-weixin", name="platform", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("release", sa.String(20), nullable=False),
        sa.Column("page", sa.String(100), nullable=False),
        sa.Column("message", sa.String(300), nullable=False),
        sa.Column("stack", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_faults")),
        sa.UniqueConstraint("digest", name=op.f("uq_client_faults_digest")),
    )
    op.create_index("ix_client_faults_last", "client_faults", ["last_at", "id"])
