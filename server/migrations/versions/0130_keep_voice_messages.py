"""Voice messages of the official account, of a draft or of the report that it became."""

import sqlalchemy as sa
from alembic import op

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None

STATE = sa.Enum("awaited", "kept", "refused", name="state", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "channel_voices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("submission_id", sa.Uuid(), nullable=True),
        sa.Column("media_id", sa.String(256), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("state", STATE, nullable=False),
        sa.Column("reason", sa.String(200), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_voices")),
        sa.CheckConstraint("(draft_id IS NULL) <> (submission_id IS NULL)", name=op.f("ck_channel_voices_of_one")),
        sa.CheckConstraint(
            "(state = 'kept') = (size IS NOT NULL AND seconds IS NOT NULL)",
            name=op.f("ck_channel_voices_kept_is_whole"),
        ),
        sa.CheckConstraint(
            "(state = 'refused') = (reason IS NOT NULL)", name=op.f("ck_channel_voices_refused_with_reason")
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["channel_drafts.id"], name=op.f("fk_channel_voices_draft_id_channel_drafts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_channel_voices_submission_id_submissions"),
            ondelete="CASCADE",
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_channel_voices_draft_id"), "channel_voices", ["draft_id"])
    op.create_index(op.f("ix_channel_voices_submission_id"), "channel_voices", ["submission_id"])
