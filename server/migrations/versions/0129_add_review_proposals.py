"""What a machine proposes to reviewers, and what they decided."""

import sqlalchemy as sa
from alembic import op

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None

LEVELS = ("city", "district", "town", "enterprise")
MOVES = (
    "create", "submit", "claim", "release", "return", "answer", "accept", "accept_in_part", "decline", "mark_duplicate",
    "pass_up", "pass_down", "reopen", "withdraw", "note", "disclose", "requeue", "relink",
)  # fmt: skip


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "review_proposals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("state", _enum("state", "waiting", "made", "failed"), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("fault", sa.String(200), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", _enum("decision", *MOVES), nullable=True),
        sa.Column("decided_grade", sa.Integer(), nullable=True),
        sa.Column("is_reply_kept", sa.Boolean(), nullable=True),
        *(sa.Column(f"{level}_id", sa.Uuid(), nullable=level != "city") for level in LEVELS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_proposals")),
        sa.CheckConstraint(
            "(state = 'failed') = (fault IS NOT NULL)", name=op.f("ck_review_proposals_failed_with_words")
        ),
        sa.CheckConstraint(
            "state = 'made' OR (grade IS NULL AND reply = '')", name=op.f("ck_review_proposals_proposes_when_made")
        ),
        sa.CheckConstraint("taken_at IS NULL OR state = 'made'", name=op.f("ck_review_proposals_taken_when_made")),
        sa.CheckConstraint(
            "(decision IS NULL) = (is_reply_kept IS NULL)", name=op.f("ck_review_proposals_decision_is_whole")
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submissions.id"], name=op.f("fk_review_proposals_submission_id_submissions"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint([f"{level}_id"], ["unions.id"], name=op.f(f"fk_review_proposals_{level}_id_unions"))
            for level in LEVELS
        ),
    )  # fmt: skip
    op.create_index("ix_review_proposals_submission", "review_proposals", ["submission_id", "id"])
    for level in LEVELS:
        op.create_index(f"ix_review_proposals_{level}", "review_proposals", [f"{level}_id", "id"])
