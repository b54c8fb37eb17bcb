"""The first pages of leaderboards as they are sent. The next count, five minutes later at most, writes them."""

import sqlalchemy as sa
from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_board_pages",
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column(
            "board",
            sa.Enum(
                "people", "enterprises", "districts", name="board", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_board_pages_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("quiz_id", "board", "after", name=op.f("pk_quiz_board_pages")),
    )
