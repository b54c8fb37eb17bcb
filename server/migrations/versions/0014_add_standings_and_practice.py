"""Add leaderboards and practice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_practice_cards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column("difficulty", sa.Double(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state BETWEEN 1 AND 3", name=op.f("ck_quiz_practice_cards_state_is_known")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_quiz_practice_cards_person_id_people")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["quiz_questions.id"], name=op.f("fk_quiz_practice_cards_question_id_quiz_questions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_practice_cards")),
        sa.UniqueConstraint("person_id", "question_id", name=op.f("uq_quiz_practice_cards_person_id_question_id")),
    )
    op.create_index("ix_quiz_practice_cards_due", "quiz_practice_cards", ["person_id", "due_at", "id"])
    op.create_table(
        "quiz_board_rows",
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column(
            "board",
            sa.Enum(
                "people", "enterprises", "districts", name="board", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(length=160), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("coverage", sa.Float(), nullable=True),
        sa.Column("high_share", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_board_rows_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("quiz_id", "board", "snapshot", "position", name=op.f("pk_quiz_board_rows")),
    )
    op.create_index(
        "ix_quiz_board_rows_subject", "quiz_board_rows", ["subject_id", "quiz_id", "board", "snapshot"], unique=False
    )
    op.create_table(
        "quiz_boards",
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column(
            "board",
            sa.Enum(
                "people", "enterprises", "districts", name="board", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_boards_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("quiz_id", "board", name=op.f("pk_quiz_boards")),
    )
    op.create_table(
        "quiz_figures",
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_id", sa.Uuid(), nullable=True),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_figures_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("quiz_id", name=op.f("pk_quiz_figures")),
    )
    op.create_table(
        "quiz_question_figures",
        sa.Column("quiz_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("scores", sa.Float(), nullable=False),
        sa.Column("scores_squared", sa.Float(), nullable=False),
        sa.Column("scores_right", sa.Float(), nullable=False),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("time_ms", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_question_figures_quiz_id_quizzes")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["quiz_question_versions.id"],
            name=op.f("fk_quiz_question_figures_version_id_quiz_question_versions"),
        ),
        sa.PrimaryKeyConstraint("quiz_id", "version_id", name=op.f("pk_quiz_question_figures")),
    )
